"""A training as it was asked for → an order for a job, checked and priced."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np

from core.cost import TrainingCost, training_cost
from core.errors import OutOfDomain
from core.neural_network import NeuralNetwork
from core.nn.forward import mean_loss
from core.nn.layer import Layer
from core.nn.parameters import parameter_count, unflatten
from core.training.checkpoint import first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig, validate_training_data
from core.training.ensemble.averaging import merged_sizes
from core.training_time import ProcessorTime
from service.jobs.description import JobDescription
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import summarize
from service.jobs.step_result import StepResult
from service.jobs.storage.submission import Submission
from service.jobs.training.config_json import to_text
from service.limits import Limits
from service.schemas.request_model import LARGEST_SEED
from service.schemas.training.estimate import EstimateResponse
from service.schemas.training.optimizer import optimizer_of, schedule_of
from service.schemas.training.request import TrainRequest
from service.schemas.training.restarts import STACK_SECONDS
from service.serialization.json_digest import json_digest
from service.submission.arithmetic import with_arithmetic
from service.submission.network import (
    Shape,
    drawn_layers,
    initialization_of,
    is_of_classes,
    known_ends,
    shape_of,
)
from service.submission.presets import (
    ITERATIONS,
    default_hidden,
    is_standardized,
    is_tabular,
    with_decay_for,
    with_defaults,
)
from service.submission.sample_weights import sample_weights
from service.submission.scaling import scaling_of
from service.submission.training_data import OpenDatasets, SplitRule, TrainingData, training_data


@dataclass(frozen=True, eq=False)
class TrainingSubmission:
    """A question with everything drawn and checked: ready to be priced, and to be submitted."""

    specification: TrainingConfig
    layers: tuple[Layer, ...]
    """The network to begin with, as it is trained: on scaled numbers where there is a scaling."""
    x: np.ndarray
    y: np.ndarray
    plan: RestartPlan | None
    """Of the restarts, if there are any."""
    time_limit_seconds: float | None
    description: JobDescription

    @staticmethod
    def of(question: TrainRequest, limits: Limits, datasets: OpenDatasets) -> "TrainingSubmission":
        """Raise what the core and the limits refuse, before anything is accepted."""
        filled = with_defaults(question, has_classes=True)
        limits.iterations(filled.iterations or filled.epochs or 1)
        split = _split_rule(filled)
        given = None if filled.network is None else filled.network.to_core(filled.precision)
        if given is not None:
            limits.network(given)
        ends = known_ends(filled)
        data = training_data(filled.data, ends, split, limits, datasets)
        hidden = default_hidden(question)
        shape = shape_of(filled, data, hidden) if given is None else _shape_of_network(given)
        if not is_of_classes(filled.loss or shape.loss, data):
            filled = with_defaults(question, has_classes=False)
        if split != _split_rule(filled):
            split = _split_rule(filled)
            data = training_data(filled.data, ends, split, limits, datasets)
        rows = len(split.training_rows(len(data.x)))
        filled = with_decay_for(filled, question.model_fields_set, rows)
        if given is None:
            seed = filled.architecture.seed if filled.architecture else 0
            layers = drawn_layers(shape, initialization_of(filled), seed, limits)
        else:
            layers = given.layers
        data = replace(data, weights=sample_weights(data, filled.class_weights, split))
        specification = _specification(filled, shape, data, split, limits)
        specification = with_arithmetic(specification, limits.settings)
        if given is not None and specification.scaling is not None:
            layers = specification.scaling.unfold(layers)
        with np.errstate(over="ignore"):  # what is too large for the precision is refused below
            x = data.x.astype(specification.dtype)
            y = data.y.astype(specification.dtype)
            if data.weights is not None:
                y = np.column_stack([y, data.weights.astype(specification.dtype)])
        validate_training_data(specification, x, y)
        count, what = question.restarts, "restarts"
        if question.ensemble is not None:
            count, what = question.ensemble, "ensemble"
            limits.sizes(merged_sizes(specification.sizes, count), ("ensemble",))
        folds: tuple[TrainingConfig, ...] = ()
        if question.folds is not None:
            count, what = question.folds + 1, "folds"
            folds = tuple(
                with_arithmetic(_specification(filled, shape, data, one, limits), limits.settings)
                for one in split.folds(question.folds)
            )
            for one in folds:
                validate_training_data(one, x, y)
        if count is not None:
            limits.restarts(count, specification.sizes)
        first_seed = None if given is not None else seed
        plan = planned(count, first_seed, specification, len(x), what, folds)
        return TrainingSubmission(
            specification,
            layers,
            x,
            y,
            plan,
            question.time_limit_seconds,
            _described(question, specification, data),
        )

    def estimate(self) -> EstimateResponse:
        """What it is going to cost."""
        cost = training_cost(self.specification, len(self.x))
        return EstimateResponse.of(priced(cost, self.plan))

    def submission(self, idempotency_key: str | None, body: bytes) -> Submission:
        """All that a job needs."""
        content = BytesIO()
        np.save(content, np.hstack([self.x, self.y]), allow_pickle=False)
        text = self.plan.to_text() if self.plan else to_text(self.specification)
        document = self.description.to_document()
        return Submission(
            specification=json.dumps(json.loads(text) | {"description": document}),
            iterations=self.specification.iterations,
            data=content.getvalue(),
            start=self._start(),
            time_limit_seconds=self.time_limit_seconds,
            idempotency_key=idempotency_key,
            body_digest=None if idempotency_key is None else json_digest(body),
            description=self.description,
            request=body,
        )

    def _start(self) -> StepResult:
        """The state before the first iteration, and the loss of the initial network."""
        specification = self.specification
        checkpoint = first_checkpoint(specification, self.layers)
        layers = unflatten(
            checkpoint.parameters, specification.sizes, specification.activation_functions
        )
        rows, _ = specification.split(len(self.x))
        x, y = specification.scaled(self.x[rows], self.y[rows])
        loss = mean_loss(layers, x, y, specification.loss_function)
        if self.plan is None:
            return StepResult(
                checkpoint=checkpoint.to_bytes(),
                iteration=0,
                loss=loss,
                metrics={"best_iteration": 0},
                holds_best=self.specification.is_watched,
            )
        return summarize(self.plan, self.plan.beginning(loss))


def _split_rule(question: TrainRequest) -> SplitRule:
    return SplitRule(question.seed, question.validation_fraction, question.test_fraction)


def _shape_of_network(network: NeuralNetwork) -> Shape:
    names = tuple(layer.activation.name for layer in network.layers)
    return Shape(network.sizes, names, "squared")


def _specification(
    question: TrainRequest, shape: Shape, data: TrainingData, split: SplitRule, limits: Limits
) -> TrainingConfig:
    """The core's specification of the training."""
    stopping = question.early_stopping
    training = split.training_rows(len(data.x))
    size = question.batch_size
    batch = None if size is None or size >= len(training) else size
    iterations = question.iterations or ITERATIONS
    if question.epochs is not None:
        iterations = question.epochs * -(-len(training) // (batch or len(training)))
        limits.iterations(iterations)
    loss = question.loss or shape.loss
    has_classes = is_of_classes(loss, data)
    if question.label_smoothing and not has_classes and not is_tabular(question):
        raise OutOfDomain("only classes have labels to smooth", ("label_smoothing",))
    scaling = None
    if is_standardized(question):
        scaling = scaling_of(
            data,
            training,
            robust=is_tabular(question),
            scale_targets=loss == "squared" and shape.activations[-1] == "identity",
        )
    return TrainingConfig(
        sizes=shape.sizes,
        activations=shape.activations,
        loss=loss,
        optimizer=optimizer_of(question.optimizer, question.eta),
        iterations=iterations,
        batch_size=batch,
        seed=question.seed,
        validation_fraction=question.validation_fraction,
        test_fraction=question.test_fraction,
        fold=split.fold,
        early_stopping=EarlyStopping(**stopping.model_dump()) if stopping else None,
        precision=question.precision,
        schedule=schedule_of(question.schedule),
        weight_decay=question.weight_decay,
        clip_norm=question.clip_norm,
        is_weighted=data.weights is not None,
        label_smoothing=question.label_smoothing if has_classes else 0.0,
        initialization=initialization_of(question),
        data_parallel=question.data_parallel,
        scaling=scaling,
    )


def _described(
    question: TrainRequest, specification: TrainingConfig, data: TrainingData
) -> JobDescription:
    return JobDescription(
        name=question.name,
        tags=tuple(dict.fromkeys(question.tags)),
        sizes=specification.sizes,
        activations=specification.activations,
        loss=specification.loss,
        optimizer=specification.optimizer.name,
        arithmetic=specification.arithmetic,
        data=data.description,
        warnings=data.warnings,
        schema=None if data.schema is None else data.schema.to_document(),
    )


def planned(
    restarts: int | None,
    first_seed: int | None,
    specification: TrainingConfig,
    samples: int,
    what: str = "restarts",
    folds: Sequence[TrainingConfig] = (),
) -> RestartPlan | None:
    """Trainings from `first_seed` on, None without restarts; raises `OutOfDomain`.

    `first_seed` is the architecture's, None where the network is given. `folds` are the trainings
    of a cross-validation, which follow that of `specification`.
    """
    if restarts is None:
        return None
    if first_seed is None:
        raise OutOfDomain(
            "a given network begins in one way only: give an architecture to restart from",
            (what,),
        )
    if first_seed + restarts - 1 > LARGEST_SEED:
        raise OutOfDomain(
            f"the last seed would be {first_seed} + {restarts - 1}, above {LARGEST_SEED}",
            (what,),
        )
    return RestartPlan.of(
        specification, samples, first_seed, restarts, is_ensemble=what == "ensemble", folds=folds
    )


def priced(cost: TrainingCost, plan: RestartPlan | None) -> TrainingCost:
    """The cost of all of them, from that of one; each is made by one worker, also in shards."""
    if plan is None:
        return cost
    specification = plan.specification
    numbers = (2 + specification.optimizer.moments) * parameter_count(specification.sizes)
    share = min(1.0, STACK_SECONDS / plan.at_once)
    return replace(
        cost,
        time=ProcessorTime(
            cost.time.calls * max(1.0, plan.count * share), cost.time.numbers * plan.count
        ),
        operations=cost.operations * plan.count,
        memory_bytes=cost.memory_bytes * min(plan.at_once, plan.count)
        + numbers * plan.count * specification.dtype.itemsize,
        shards=0,
        exchanged_bytes=0,
    )
