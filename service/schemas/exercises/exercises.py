"""POST /exercises: what to make a sheet of, and the sheet."""

from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.conventions import Conventions
from core.errors import UnknownName
from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS
from core.nn.initialization import require_one_per_layer
from core.solutions.document import Document, Picture
from core.solutions.drawing.svg import svg
from core.solutions.exercises.exercise import VERSION, Exercise
from core.solutions.exercises.handout import (
    MAX_TASKS,
    Handout,
    Sheet,
    handouts,
    handouts_of_codes,
    handouts_of_tasks,
)
from core.solutions.exercises.marking_scheme import Points, total_points
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.relu_exercise import ReluTask
from core.solutions.exercises.sheet_code import Task
from core.solutions.notation.tex import tex
from core.solutions.renderers.markdown import markdown
from core.solutions.rounding import Rounding
from service.schemas.error_location import prefix_location, set_location, strip_location
from service.schemas.exercises.conventions import ConventionsResponse, ConventionsSchema
from service.schemas.exercises.solution import StepResponse
from service.schemas.file_formats import ExerciseFormatQuery
from service.schemas.network import NetworkResponse
from service.schemas.request_model import (
    LARGEST_SEED,
    ActivationName,
    LossName,
    RequestModel,
    Seed,
)
from service.schemas.rounding import SheetRounded

Kind = Literal["forward", "backprop", "update", "relu_system"]
MAX_SHEETS = 300
Size = Annotated[int, Field(ge=1, le=100)]


class TaskSchema(RequestModel):
    """What a task is about: a kind of exercise and its shape."""

    kind: Kind = "backprop"
    sizes: list[Size] = Field(
        default_factory=lambda: [2, 3, 2], min_length=2, max_length=20, description="of a network"
    )
    activations: list[ActivationName] | None = Field(
        None, min_length=1, max_length=20, description="one per layer; null: sigmoid everywhere"
    )
    loss: LossName = "squared"
    conventions: ConventionsSchema = Field(
        default_factory=ConventionsSchema, description="how a book writes it, where it differs"
    )
    n: int | None = Field(None, ge=2, le=100, description="the points of a relu_system; null: 5")

    @model_validator(mode="after")
    def _one_shape(self) -> "TaskSchema":
        if self.n is not None and self.kind != "relu_system":
            raise PydanticCustomError("n", "only a relu_system has n points")
        return self

    def to_core(self, rule: Rounding) -> Task:
        """The task with its digits; raises what the core refuses."""
        if self.kind == "relu_system":
            return ReluTask(self.n or 5, rule)
        layers = len(self.sizes) - 1
        activations = tuple(self.activations or ["sigmoid"] * layers)
        require_one_per_layer(activations, layers, ("activations",))
        book = self.conventions.to_core()
        return NetworkTask(self.kind, tuple(self.sizes), activations, self.loss, rule, book)


class SeededTaskSchema(TaskSchema):
    """One of several tasks of a sheet."""

    seed: Seed | None = Field(None, description="of this task; null: no other task has it")


class ExercisesRequest(SheetRounded, TaskSchema):
    """A kind of exercise, its shape and a seed; or several `tasks` on one sheet.

    The same seed gives the same sheet in every release.
    """

    seed: Seed
    version: Literal[1] = Field(VERSION, description="of the generator; an old one stays")
    tasks: list[SeededTaskSchema] | None = Field(
        None,
        min_length=1,
        max_length=MAX_TASKS,
        description="of one sheet, in place of kind and shape; a document or a file",
    )
    key: bool = Field(True, description="whether a document has the key and the marking scheme")
    title: str | None = Field(None, min_length=1, max_length=200, description="of the teacher's")
    count: int = Field(
        1, ge=1, le=MAX_SHEETS, description="sheets of as many seeds in a row, in a document or ZIP"
    )

    @model_validator(mode="after")
    def _one_or_several(self) -> "ExercisesRequest":
        alone = sorted(self.model_fields_set & set(TaskSchema.model_fields))
        if self.tasks is not None and alone:
            raise PydanticCustomError("tasks", f"with tasks, {alone[0]} belongs into each task")
        return self

    def handouts(self) -> list[Sheet]:
        """The sheets of the seeds; raises what the core refuses."""
        if self.tasks is None:
            return handouts(self.to_core(self.rule), self.seed, self.count, self.title)
        seeded: list[tuple[Task, int]] = []
        for number, task in enumerate(self.tasks):
            with prefix_location("tasks", number):
                # Neither another task nor another sheet has the same network.
                own = self.seed + number * self.count
                seed = own if task.seed is None else task.seed
                seeded.append((task.to_core(self.rule), seed))
        return handouts_of_tasks(seeded, self.count, self.title)


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
    conventions: ConventionsResponse | None

    @staticmethod
    def of(exercise: Exercise) -> "GivenResponse":
        """Null for what this kind of exercise does not have."""
        names = (field.name for field in fields(GivenResponse))
        return GivenResponse(**{name: _packed(exercise.question.get(name)) for name in names})


def _packed(value: Any) -> Any:
    if isinstance(value, NeuralNetwork):
        return NetworkResponse.of(value)
    if isinstance(value, Conventions):
        return ConventionsResponse(**asdict(value))
    if isinstance(value, np.ndarray | tuple):
        return np.asarray(value).tolist()
    return value


@dataclass(frozen=True)
class ExercisesResponse:
    """The task as Markdown and as numbers, its drawing as SVG, the key, the points per quantity."""

    version: int
    seed: int
    code: str
    title: str
    task: str
    drawing: str | None
    given: GivenResponse
    key: list[StepResponse]
    scheme: list[PointsResponse]
    points: int

    @staticmethod
    def of(sheet: Handout) -> "ExercisesResponse":
        """Pack a sheet."""
        exercise = sheet.exercise
        return ExercisesResponse(
            version=VERSION,
            seed=sheet.seed,
            code=sheet.code,
            title=sheet.heading,
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


class ExercisesQuery(SheetRounded, ConventionsSchema, ExerciseFormatQuery):
    """The address of a sheet: its code, or kind, seed and shape as in the body of POST."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    code: str | None = Field(
        None,
        max_length=400,
        description="printed on the sheet; several, separated by commas: tasks of one sheet",
    )
    kind: Kind = Field("backprop", description="what the sheet asks for")
    seed: int = Field(0, ge=0, le=LARGEST_SEED, description="seed of the first sheet")
    sizes: str | None = Field(
        None,
        pattern=r"^[0-9]{1,3}(-[0-9]{1,3}){1,19}$",
        examples=["2-3-2"],
        description="widths from the input to the output",
    )
    activations: str | None = Field(
        None,
        max_length=300,
        examples=["tanh,sigmoid"],
        description="one activation, or one for each layer",
    )
    loss: str = Field("squared", max_length=40, description="loss of the network")
    n: int | None = Field(None, ge=2, le=100, description="grid points of a relu_system")
    key: bool = Field(True, description="whether the solution is answered too")
    title: str | None = Field(
        None, min_length=1, max_length=200, description="heading in place of the usual one"
    )
    count: int = Field(1, ge=1, le=MAX_SHEETS, description="how many sheets, seed by seed")

    def handouts(self) -> list[Sheet]:
        """The sheets of the seeds; raises what the core refuses."""
        if self.code is not None:
            with set_location("code"):
                return handouts_of_codes(self.code, self.count, self.title)
        return handouts(self._task(), self.seed, self.count, self.title)

    def _task(self) -> Task:
        if self.kind == "relu_system":
            return ReluTask(self.n or 5, self.rule)
        sizes = tuple(map(int, (self.sizes or "2-3-2").split("-")))
        names = self.activations.split(",") if self.activations else ["sigmoid"] * (len(sizes) - 1)
        for number, name in enumerate(names):
            if name not in ACTIVATIONS:
                raise UnknownName(f"there is no activation {name!r}", ("activations", number))
        require_one_per_layer(names, len(sizes) - 1, ("activations",))
        with strip_location("conventions"):
            return NetworkTask(self.kind, sizes, tuple(names), self.loss, self.rule, self.to_core())
