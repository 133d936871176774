"""POST /train: a network or its architecture, data, and how to train → an order for a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Annotated, Any

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from core.checkpoint import first_checkpoint
from core.cost import training_cost
from core.initialization import initial_layers
from core.layer import Layer
from core.mean_loss import mean_loss
from core.network import NeuralNetwork
from core.specification import EarlyStopping, Specification
from core.trainable import require_fit
from service.jobs.acceptance import Submission
from service.jobs.restarts_plan import Plan
from service.jobs.restarts_round import standing
from service.jobs.specification_text import to_text
from service.jobs.step import Step
from service.limits import Limits
from service.wire.datasets import DatasetReference
from service.wire.estimate import EstimateAnswer
from service.wire.form import (
    MOST_LAYERS,
    ActivationName,
    Form,
    LossName,
    NameOrArray,
    Precision,
    Seed,
)
from service.wire.network import NetworkForm
from service.wire.numbers import Samples, require_same_rank, row_count
from service.wire.optimizer import OptimizerChoice, optimizer_of
from service.wire.place import at, within
from service.wire.restarts import Restarts, planned, priced

MOST_SHARDS = 64

Positive = Annotated[float, Field(gt=0, le=1e308, allow_inf_nan=False)]
BelowOne = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Width = Annotated[int, Field(ge=1)]
Activations = Annotated[
    Annotated[ActivationName, Tag("(name)")]
    | Annotated[list[ActivationName], Tag("(array)"), Field(max_length=MOST_LAYERS)],
    NameOrArray,
]


class Architecture(Form):
    """A network to be drawn: w ~ N(0, 2 / (d_in + d_out)), b = 0."""

    sizes: list[Width] = Field(
        min_length=2, max_length=MOST_LAYERS + 1, description="d⁽⁰⁾, …, d⁽ᴸ⁾"
    )
    activations: Activations = Field("sigmoid", description="one per layer, or one for all of them")
    seed: Seed = 0

    def layers(self) -> tuple[Layer, ...]:
        """The same layers for the same seed, for ever."""
        layers = initial_layers(self.sizes, self.activations, np.random.default_rng(self.seed))
        with at("architecture", "activations"):
            return NeuralNetwork(layers).layers


class GivenData(Form):
    """One row per sample in both."""

    x: Samples
    y: Samples

    def rows(self, limits: Limits, specification: Specification) -> tuple[np.ndarray, np.ndarray]:
        """X and y as rows in the precision of the training; raises `ShapeMismatch`."""
        limits.samples(row_count(self.x), ("data", "x"))
        with within("data"):
            require_same_rank(self.x, self.y)
        return _in_precision(np.atleast_2d(self.x), np.atleast_2d(self.y), specification)


class DrawnData(DatasetReference):
    """A toy set instead of x and y."""

    def rows(self, limits: Limits, specification: Specification) -> tuple[np.ndarray, np.ndarray]:
        """X and y in the precision of the training."""
        limits.samples(self.samples, ("data", "samples"))
        with within("data"):
            x, y = self.make()
        return _in_precision(x, y, specification)


def _in_precision(
    x: np.ndarray, y: np.ndarray, specification: Specification
) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(over="ignore"):  # what is too large for the precision is refused on its way
        return x.astype(specification.dtype), y.astype(specification.dtype)


def _data_kind(value: Any) -> str:
    named = isinstance(value, DrawnData) or (isinstance(value, dict) and "dataset" in value)
    return "(dataset)" if named else "(given)"


Data = Annotated[
    Annotated[GivenData, Tag("(given)")] | Annotated[DrawnData, Tag("(dataset)")],
    Discriminator(_data_kind),
]


class EarlyStoppingForm(Form):
    """Stop when the validation loss (without validation samples, the loss) has stopped falling."""

    patience: int = Field(10, ge=1, description="epochs in a row without a lower loss")
    min_delta: float = Field(0.0, ge=0, allow_inf_nan=False, description="what counts as lower")


class TrainQuestion(Form):
    """Exactly one of network and architecture; the rest has defaults."""

    network: NetworkForm | None = None
    architecture: Architecture | None = None
    data: Data
    loss: LossName = "squared"
    optimizer: OptimizerChoice = "gradient_descent"
    eta: Positive = Field(0.01, description="η, the step size")
    iterations: int = Field(100, ge=1, description="steps of the optimizer, one batch each")
    batch_size: Annotated[int, Field(ge=1)] | None = Field(
        None, description="samples of a batch; null: all of them"
    )
    seed: Seed = Field(0, description="of the order of the samples and of the validation samples")
    validation_fraction: BelowOne = Field(0.0, description="share of the samples kept to validate")
    early_stopping: EarlyStoppingForm | None = None
    precision: Precision = "float64"
    data_parallel: Annotated[int, Field(ge=1, le=MOST_SHARDS)] | None = Field(
        None,
        description="shards of each batch, which as many workers compute at once; null: one worker "
        "trains alone, which is faster unless an iteration takes long",
    )
    restarts: Restarts | None = Field(
        None,
        description="train the architecture from so many seeds, from its own upwards, and keep the "
        "best network: that with the least loss, with validation samples the least validation loss",
    )
    time_limit_seconds: Positive | None = Field(
        None, description="fail after so many seconds of training; the best network is kept"
    )

    @model_validator(mode="after")
    def _one_network(self) -> "TrainQuestion":
        if (self.network is None) == (self.architecture is None):
            raise PydanticCustomError("one_network", "give either network or architecture")
        return self

    def layers(self, limits: Limits) -> tuple[Layer, ...]:
        """The network to begin with; raises `LimitExceeded` before it is drawn."""
        if self.architecture is not None:
            limits.sizes(tuple(self.architecture.sizes), ("architecture", "sizes"))
            return self.architecture.layers()
        assert self.network is not None  # noqa: S101 - `_one_network` has seen to it
        network = self.network.to_core(self.precision)
        limits.network(network)
        return network.layers

    def specification(self, layers: Sequence[Layer]) -> Specification:
        """The core's specification of training those layers."""
        stopping = self.early_stopping
        return Specification(
            sizes=NeuralNetwork(tuple(layers)).sizes,
            activations=tuple(layer.activation.name for layer in layers),
            loss=self.loss,
            optimizer=optimizer_of(self.optimizer, self.eta),
            iterations=self.iterations,
            batch_size=self.batch_size,
            seed=self.seed,
            validation_fraction=self.validation_fraction,
            early_stopping=EarlyStopping(**stopping.model_dump()) if stopping else None,
            precision=self.precision,
            data_parallel=self.data_parallel,
        )


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
