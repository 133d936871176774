"""POST /exercises: what to make a sheet of, and the sheet."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core.errors import ShapeMismatch
from core.neural_network import NeuralNetwork
from core.solutions.document import Document, Picture
from core.solutions.drawing.svg import svg
from core.solutions.exercises.exercise import VERSION, Exercise
from core.solutions.exercises.marking_scheme import Points, total_points
from core.solutions.exercises.network_exercise import network_exercise
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.relu_exercise import ReluTask, relu_exercise
from core.solutions.notation.tex import tex
from core.solutions.renderers.markdown import markdown
from service.schemas.exercises.solution import StepResponse
from service.schemas.network import NetworkResponse
from service.schemas.request_model import ActivationName, LossName, Seed
from service.schemas.rounding import RoundingSchema

Size = Annotated[int, Field(ge=1, le=100)]


class ExercisesRequest(RoundingSchema):
    """A kind of exercise, its shape and a seed; the same seed gives the same sheet for ever."""

    kind: Literal["forward", "backprop", "update", "relu_system"] = "backprop"
    seed: Seed
    version: Literal[1] = Field(VERSION, description="of the generator; an old one stays")
    sizes: list[Size] = Field(
        default_factory=lambda: [2, 3, 2], min_length=2, max_length=20, description="of a network"
    )
    activations: list[ActivationName] | None = Field(
        None, min_length=1, max_length=20, description="one per layer; null: sigmoid everywhere"
    )
    loss: LossName = "squared"
    n: int | None = Field(None, ge=2, le=100, description="the points of a relu_system; null: 5")
    key: bool = Field(True, description="whether a document has the key and the marking scheme")

    @model_validator(mode="after")
    def _one_shape(self) -> "ExercisesRequest":
        if self.n is not None and self.kind != "relu_system":
            raise PydanticCustomError("n", "only a relu_system has n points")
        return self

    def exercise(self) -> Exercise:
        """The sheet of the seed; raises what the core refuses."""
        if self.kind == "relu_system":
            return relu_exercise(ReluTask(self.n or 5, self.rule), self.seed)
        layers = len(self.sizes) - 1
        activations = tuple(self.activations or ["sigmoid"] * layers)
        if len(activations) != layers:
            raise ShapeMismatch(
                f"there are {len(activations)} activations for {layers} layers", ("activations",)
            )
        task = NetworkTask(self.kind, tuple(self.sizes), activations, self.loss, self.rule)
        return network_exercise(task, self.seed)


@dataclass(frozen=True)
class PointsResponse:
    """What a quantity is worth; numbers that follow from an earlier slip get their points."""

    id: str
    symbol: str
    numbers: int
    points: int

    @staticmethod
    def of(one: Points) -> "PointsResponse":
        """Unpack a line of the scheme."""
        path = "/".join(map(str, one.place))
        return PointsResponse(path, tex(one.symbol), one.numbers, one.points)


@dataclass(frozen=True)
class GivenResponse:
    """What the task gives: network, x, y, loss and eta, or the interval, n, x and y of a system."""

    network: NetworkResponse | None
    interval: list[float] | None
    n: int | None
    x: list[float]
    y: list[float] | None
    loss: str | None
    eta: float | None

    @staticmethod
    def of(exercise: Exercise) -> "GivenResponse":
        """Null for what this kind of exercise does not have."""
        given = {key: exercise.question.get(key) for key in GivenResponse.__dataclass_fields__}
        return GivenResponse(**{key: _packed(value) for key, value in given.items()})


def _packed(value: Any) -> Any:
    if isinstance(value, NeuralNetwork):
        return NetworkResponse.of(value)
    if isinstance(value, np.ndarray | tuple):
        return np.asarray(value).tolist()
    return value


@dataclass(frozen=True)
class ExercisesResponse:
    """The task as Markdown and as numbers, its drawing as SVG, the key, the points per quantity."""

    version: int
    seed: int
    title: str
    task: str
    drawing: str | None
    given: GivenResponse
    key: list[StepResponse]
    scheme: list[PointsResponse]
    points: int

    @staticmethod
    def of(exercise: Exercise, question: ExercisesRequest) -> "ExercisesResponse":
        """Pack a sheet."""
        return ExercisesResponse(
            version=question.version,
            seed=question.seed,
            title=exercise.task.title,
            task=markdown(exercise.task),
            drawing=_drawing(exercise.task),
            given=GivenResponse.of(exercise),
            key=[StepResponse.of(step) for step in exercise.key.steps],
            scheme=[PointsResponse.of(one) for one in exercise.scheme],
            points=total_points(exercise.scheme),
        )


def _drawing(document: Document) -> str | None:
    pictures = (block for block in document.blocks if isinstance(block, Picture))
    return next((svg(one.figure, one.caption) for one in pictures), None)
