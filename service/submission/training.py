"""A training as it was asked for → an order for a job, checked and priced."""

from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

import numpy as np

from core.cost import TrainingCost, training_cost
from core.errors import OutOfDomain
from core.nn.forward import mean_loss
from core.nn.layer import Layer
from core.nn.parameters import parameter_count
from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig, validate_training_data
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import summarize
from service.jobs.step_result import StepResult
from service.jobs.storage.submission import Submission
from service.jobs.training.config_json import to_text
from service.limits import Limits
from service.schemas.request_model import LARGEST_SEED
from service.schemas.training.estimate import EstimateResponse
from service.schemas.training.request import TrainRequest
from service.schemas.training.restarts import STACK_SECONDS


@dataclass(frozen=True, eq=False)
class TrainingSubmission:
    """A question with everything drawn and checked: ready to be priced, and to be submitted."""

    specification: TrainingConfig
    layers: tuple[Layer, ...]
    x: np.ndarray
    y: np.ndarray
    plan: RestartPlan | None
    """Of the restarts, if there are any."""
    time_limit_seconds: float | None

    @staticmethod
    def of(question: TrainRequest, limits: Limits) -> "TrainingSubmission":
        """Raise what the core and the limits refuse, before anything is accepted."""
        limits.iterations(question.iterations)
        layers = question.layers(limits)
        specification = question.specification(layers)
        x, y = question.data.rows(limits, specification)
        validate_training_data(specification, x, y)
        if question.restarts is not None:
            limits.restarts(question.restarts, specification.sizes)
        first_seed = None if question.architecture is None else question.architecture.seed
        plan = planned(question.restarts, first_seed, specification, len(x))
        return TrainingSubmission(specification, layers, x, y, plan, question.time_limit_seconds)

    def estimate(self) -> EstimateResponse:
        """What it is going to cost."""
        cost = training_cost(self.specification, len(self.x))
        return EstimateResponse.of(priced(cost, self.plan))

    def submission(self, idempotency_key: str | None, body: bytes) -> Submission:
        """All that a job needs."""
        content = BytesIO()
        np.save(content, np.hstack([self.x, self.y]), allow_pickle=False)
        return Submission(
            specification=self.plan.to_text() if self.plan else to_text(self.specification),
            iterations=self.specification.iterations,
            data=content.getvalue(),
            start=self._start(),
            time_limit_seconds=self.time_limit_seconds,
            idempotency_key=idempotency_key,
            body_digest=None if idempotency_key is None else sha256(body).hexdigest(),
        )

    def _start(self) -> StepResult:
        """The state before the first iteration, and the loss of the network to begin with."""
        checkpoint = first_checkpoint(self.specification, self.layers)
        layers = checkpoint.layers(self.specification)
        loss = mean_loss(layers, self.x, self.y, self.specification.loss_function)
        if self.plan is None:
            return StepResult(checkpoint=checkpoint.to_bytes(), iteration=0, loss=loss)
        return summarize(self.plan, self.plan.beginning(loss))


def planned(
    restarts: int | None, first_seed: int | None, specification: TrainingConfig, samples: int
) -> RestartPlan | None:
    """Trainings from `first_seed` on, None without restarts; raises `OutOfDomain`.

    `first_seed` is the architecture's, None where the network is given.
    """
    if restarts is None:
        return None
    if first_seed is None:
        raise OutOfDomain(
            "a given network begins in one way only: give an architecture to restart from",
            ("restarts",),
        )
    if first_seed + restarts - 1 > LARGEST_SEED:
        raise OutOfDomain(
            f"the last seed would be {first_seed} + {restarts - 1}, above {LARGEST_SEED}",
            ("restarts",),
        )
    return RestartPlan.of(specification, samples, first_seed, restarts)


def priced(cost: TrainingCost, plan: RestartPlan | None) -> TrainingCost:
    """The cost of all of them, from that of one; each is made by one worker, also in shards."""
    if plan is None:
        return cost
    specification = plan.specification
    numbers = (2 + specification.optimizer.moments) * parameter_count(specification.sizes)
    share = min(1.0, STACK_SECONDS / plan.at_once)
    return replace(
        cost,
        iterations=int(cost.iterations * max(1.0, plan.count * share)),
        operations=cost.operations * plan.count,
        memory_bytes=cost.memory_bytes * min(plan.at_once, plan.count)
        + numbers * plan.count * specification.dtype.itemsize,
        shards=0,
        exchanged_bytes=0,
    )
