"""Queries of endpoints whose answer may be a file."""

from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from core.export.approximation.formats import APPROXIMATION_FORMATS
from core.export.exercises import EXERCISE_FORMATS
from core.export.network.formats import NETWORK_FORMATS
from core.neural_network import NeuralNetwork
from service.http.content_negotiation import JSON
from service.schemas.error_location import set_location
from service.schemas.request_model import Precision, TableChoice
from service.schemas.rounding import RoundedQuery

JSON_NAME = "json"
NetworkFormat = Annotated[str, TableChoice.of((JSON_NAME, *NETWORK_FORMATS))]
ExerciseFormat = Annotated[str, TableChoice.of((JSON_NAME, *EXERCISE_FORMATS))]
ApproximationFormat = Annotated[str, TableChoice.of((JSON_NAME, *APPROXIMATION_FORMATS))]


class NetworkQuery(BaseModel):
    """The form of a network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: NetworkFormat | None = Field(None, description="instead of `Accept`: the file format")
    precision: Precision | None = Field(
        None, description="of the parameters; that of the training where nothing is said"
    )
    at: Literal["best", "last"] = Field(
        "best",
        description="of a training that is watched by validation or early stopping: the network "
        "with the least watched loss, or that of the last iteration",
    )

    def converted(self, network: NeuralNetwork) -> NeuralNetwork:
        """The network in the precision asked for; raises `NotFinite` where that is too small."""
        if self.precision is None:
            return network
        # A number too large for float32 becomes infinite, which the network refuses.
        with set_location("query", "precision"), np.errstate(over="ignore"):
            return network.astype(self.precision)

    def name(self, form: str) -> str:
        """A name that differs between the forms of the same network; empty for plain JSON."""
        parts = [part for part in (form, self.at) if part not in (JSON, "best")]
        return "-".join(parts if self.precision is None else [*parts, self.precision])


class ExerciseFormatQuery(BaseModel):
    """The form of exercise sheets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: ExerciseFormat | None = Field(None, description="instead of `Accept`: the file format")


class ApproximationQuery(RoundedQuery):
    """The form of an approximation: a file format, or how a document is rounded."""

    format: ApproximationFormat | None = Field(
        None, description="instead of `Accept`: the file format"
    )
