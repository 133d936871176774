"""A training as it was asked for → an order for a job, checked and priced."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import numpy as np

from core.checkpoint import first_checkpoint
from core.cost import training_cost
from core.layer import Layer
from core.mean_loss import mean_loss
from core.specification import Specification
from core.trainable import require_fit
from service.jobs.acceptance import Submission
from service.jobs.restarts_plan import Plan
from service.jobs.restarts_round import standing
from service.jobs.specification_text import to_text
from service.jobs.step import Step
from service.limits import Limits
from service.wire.estimate import EstimateAnswer
from service.wire.restarts import planned, priced
from service.wire.train import TrainQuestion


@dataclass(frozen=True, eq=False)
class Order:
    """A question with everything drawn and checked: ready to be priced, and to be submitted."""

    specification: Specification
    layers: tuple[Layer, ...]
    x: np.ndarray
    y: np.ndarray
    plan: Plan | None
    """Of the restarts, if there are any."""
    time_limit_seconds: float | None

    @staticmethod
    def of(question: TrainQuestion, limits: Limits) -> "Order":
        """Raise what the core and the limits refuse, before anything is accepted."""
        limits.iterations(question.iterations)
        layers = question.layers(limits)
        specification = question.specification(layers)
        x, y = question.data.rows(limits, specification)
        require_fit(specification, x, y)
        if question.restarts is not None:
            limits.restarts(question.restarts, specification.sizes)
        first_seed = None if question.architecture is None else question.architecture.seed
        plan = planned(question.restarts, first_seed, specification, len(x))
        return Order(specification, layers, x, y, plan, question.time_limit_seconds)

    def estimate(self) -> EstimateAnswer:
        """What it is going to cost."""
        cost = training_cost(self.specification, len(self.x))
        return EstimateAnswer.of(priced(cost, self.plan))

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

    def _start(self) -> Step:
        """The state before the first iteration, and the loss of the network to begin with."""
        checkpoint = first_checkpoint(self.specification, self.layers)
        layers = checkpoint.layers(self.specification)
        loss = mean_loss(layers, self.x, self.y, self.specification.loss_function)
        if self.plan is None:
            return Step(checkpoint=checkpoint.to_bytes(), iteration=0, loss=loss)
        return standing(self.plan, self.plan.beginning(loss))
