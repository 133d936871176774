"""POST /train: a network or its architecture, data, and how to train."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core.neural_network import NeuralNetwork
from core.nn.layer import Layer
from core.training.config import EarlyStopping, TrainingConfig
from service.limits import Limits
from service.schemas.network import NetworkSchema
from service.schemas.request_model import LossName, Precision, RequestModel, Seed
from service.schemas.training.architecture import Architecture
from service.schemas.training.data import Data
from service.schemas.training.optimizer import OptimizerChoice, optimizer_of
from service.schemas.training.restarts import Restarts

MAX_SHARDS = 64

Positive = Annotated[float, Field(gt=0, le=1e308, allow_inf_nan=False)]
BelowOne = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class EarlyStoppingSchema(RequestModel):
    """Stop when the validation loss (without validation samples, the loss) has stopped falling."""

    patience: int = Field(10, ge=1, description="epochs in a row without a lower loss")
    min_delta: float = Field(0.0, ge=0, allow_inf_nan=False, description="what counts as lower")


class TrainRequest(RequestModel):
    """Exactly one of network and architecture; the rest has defaults."""

    network: NetworkSchema | None = None
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
    early_stopping: EarlyStoppingSchema | None = None
    precision: Precision = "float64"
    data_parallel: Annotated[int, Field(ge=1, le=MAX_SHARDS)] | None = Field(
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
    def _one_network(self) -> "TrainRequest":
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

    def specification(self, layers: Sequence[Layer]) -> TrainingConfig:
        """The core's specification of training those layers."""
        stopping = self.early_stopping
        return TrainingConfig(
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
