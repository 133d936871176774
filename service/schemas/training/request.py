"""POST /train: a network or its architecture, data, and how to train."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.network import NetworkSchema
from service.schemas.request_model import PRINTABLE, LossName, Precision, RequestModel, Seed
from service.schemas.training.architecture import Architecture
from service.schemas.training.data import Data, StoredData
from service.schemas.training.optimizer import OptimizerChoice, ScheduleChoice
from service.schemas.training.restarts import Restarts

MAX_SHARDS = 64

Positive = Annotated[float, Field(gt=0, le=1e308, allow_inf_nan=False)]
JobTag = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
NotNegative = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
ClassWeights = Annotated[
    Annotated[Literal["balanced"], Tag("(name)")]
    | Annotated[dict[str, NotNegative], Field(min_length=1), Tag("(object)")],
    Discriminator(lambda value: "(name)" if isinstance(value, str) else "(object)"),
]
BelowOne = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class EarlyStoppingSchema(RequestModel):
    """Stop when the validation loss (without validation samples, the loss) has stopped falling."""

    patience: int = Field(10, ge=1, description="epochs in a row without a lower loss")
    min_delta: float = Field(0.0, ge=0, allow_inf_nan=False, description="what counts as lower")


class TrainRequest(RequestModel):
    """A network or an architecture, or neither for a data set of yours; the rest has defaults."""

    network: NetworkSchema | None = None
    architecture: Architecture | None = None
    data: Data
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)] | None = Field(
        None, description="name of the job"
    )
    tags: Annotated[list[JobTag], Field(max_length=20)] = Field(
        [], description="tags to find the job by"
    )
    preset: Literal["tabular"] | None = Field(
        None,
        description="other defaults: `tabular`, the default for a data set of yours without "
        "`network` and `sizes`, trains a good model on most tables",
    )
    standardize: bool | None = Field(
        None,
        description="scale inputs, and targets of a regression, by the training rows; folded into "
        "the network, which takes numbers as they are; null: for a data set of yours",
    )
    loss: LossName | None = Field(
        None, description="null: squared, or with `hidden` what goes with the data"
    )
    class_weights: ClassWeights | None = Field(
        None,
        description="what multiplies the losses of the samples of each class, by its label, 1 for "
        "one left out; `balanced`: training rows / (classes × rows of the class)",
    )
    optimizer: OptimizerChoice = "gradient_descent"
    eta: Positive = Field(0.01, description="η, the step size")
    schedule: ScheduleChoice | None = Field(
        None, description="how η changes in the course of the training; null: it stays"
    )
    weight_decay: NotNegative = Field(
        0.0,
        description="λ of w ← w − η λ w beside each step, biases left out; of lbfgs of λ/2 Σ w²",
    )
    clip_norm: Positive | None = Field(
        None, description="the largest norm of a gradient; a longer one is shortened to it"
    )
    label_smoothing: BelowOne = Field(
        0.0, description="ε: classes are trained on as (1 − ε) y + ε / classes"
    )
    iterations: Annotated[int, Field(ge=1)] | None = Field(
        None, description="steps of the optimizer, one batch each; null: 100"
    )
    epochs: Annotated[int, Field(ge=1)] | None = Field(
        None, description="the same in passes over all training samples"
    )
    batch_size: Annotated[int, Field(ge=1)] | None = Field(
        None, description="samples of a batch; null, or more than there are: all of them"
    )
    seed: Seed = Field(0, description="of the order of the samples and of the validation samples")
    validation_fraction: BelowOne = Field(0.0, description="share of the samples kept to validate")
    test_fraction: BelowOne = Field(0.0, description="share of the samples kept for a test")
    early_stopping: EarlyStoppingSchema | None = None
    precision: Precision = "float64"
    data_parallel: Annotated[int, Field(ge=1, le=MAX_SHARDS)] | None = Field(
        None,
        description="shards of each batch, which as many workers compute at once; null: one worker "
        "trains alone, which is faster unless an iteration takes long",
    )
    restarts: Restarts | None = Field(
        None,
        description="number of trainings, from the seed of the architecture upwards; keep the "
        "best network: that with the least loss, with validation samples the least validation loss",
    )
    ensemble: Annotated[int, Field(ge=2, le=64)] | None = Field(
        None,
        description="number of trainings, from the seed of the architecture upwards, served as "
        "one network whose output, before the last activation, is the mean of theirs; loss and "
        "metrics of the job are those of the best, `/evaluation` is of the mean",
    )
    folds: Annotated[int, Field(ge=2, le=20)] | None = Field(
        None,
        description="cross-validate: beside the training on all rows, whose network is that of the "
        "job, train as many times without a fold of them, drawn by the seed; scaling follows the "
        "rows of each training. Fold j begins from the architecture's seed + j. `/evaluation` has "
        "the scores on the rows of each fold",
    )
    time_limit_seconds: Positive | None = Field(
        None, description="time limit of the training in seconds; the best network is kept"
    )

    @model_validator(mode="after")
    def _one_network(self) -> "TrainRequest":
        if self.network is not None and self.architecture is not None:
            raise PydanticCustomError("one_network", "give either network or architecture")
        is_named = self.network is not None or self.architecture is not None
        if not (is_named or self.preset or isinstance(self.data, StoredData)):
            raise PydanticCustomError("one_network", "give either network or architecture")
        if self.iterations is not None and self.epochs is not None:
            raise PydanticCustomError("one_length", "give either iterations or epochs")
        plans = (self.restarts, self.ensemble, self.folds)
        if sum(plan is not None for plan in plans) > 1:
            raise PydanticCustomError("one_plan", "give either restarts, ensemble or folds")
        return self
