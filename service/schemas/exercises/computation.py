"""A computation by hand, as /solution and /check take it."""

from typing import Annotated, Any, Literal, cast

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core.approximation.formula.analysis.known_digits import known_digits
from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant, strictly_increasing
from core.arrays import require_equal_samples, require_finite
from core.conventions import USUAL_FORM, Conventions, WeightsForm
from core.errors import ShapeMismatch, counted
from core.neural_network import NeuralNetwork
from core.nn.layer import Layer
from core.nn.losses import Loss, get_loss
from core.solutions.derivation.relu.function import FunctionFormula, function_formula
from core.solutions.document import Document
from core.solutions.network_solution import backprop_solution, forward_solution
from core.solutions.relu_solution import MAX_POINTS, relu_solution
from service.schemas.arrays import Samples, Vector, require_same_rank
from service.schemas.error_location import prefix_location
from service.schemas.exercises.conventions import ConventionsSchema
from service.schemas.exercises.target import require_perceptron, target
from service.schemas.network import NetworkSchema
from service.schemas.request_model import HandLossName, RequestModel
from service.schemas.rounding import RoundingSchema

Number = Annotated[float, Field(allow_inf_nan=False)]


class ReluSystemSchema(RequestModel):
    """A function on an interval at n points, or points x with their values y."""

    function: str | None = Field(None, max_length=1000, description="a formula in x")
    interval: list[Number] | None = Field(None, min_length=2, max_length=2, description="[a, b]")
    n: int | None = Field(None, ge=2, le=MAX_POINTS)
    x: Vector | None = None
    y: Vector | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "ReluSystemSchema":
        formula = [self.function, self.n]
        points = [self.x, self.y]
        by_formula = _all([*formula, self.interval]) and _none(points)
        if not by_formula and not (_all(points) and _none(formula)):
            raise PydanticCustomError(
                "one_source",
                "give function, interval and n, or the points x and y (and interval, where they "
                "are equidistant on it)",
            )
        return self

    @property
    def ends(self) -> tuple[float, float] | None:
        """The interval of equidistant points; None where the points are given."""
        return (self.interval[0], self.interval[1]) if self.interval else None

    @property
    def formula(self) -> FunctionFormula | None:
        """The formula of the function, to be written; None where only its values are given."""
        return None if self.function is None else function_formula(parse(self.function).tree)

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Grid and values; raises what the core refuses."""
        if self.function is not None and self.ends is not None and self.n is not None:
            with prefix_location("relu_system"):
                grid = equidistant(*self.ends, self.n)
                function = parse(self.function)
                values = function(grid)
                require_finite(values, "the value of the function at point", ("function",))
            return grid, known_digits(function, grid, values)
        x, y = np.asarray(self.x), np.asarray(self.y)
        if len(x) != len(y):
            raise ShapeMismatch(
                f"x has {counted(len(x), 'point')}, but y has {counted(len(y), 'value')}",
                ("relu_system", "y"),
            )
        with prefix_location("relu_system"):
            return strictly_increasing(x, ("x",)), y


_NULLABLE = ("loss", "eta", "conventions")
"""What /exercises gives as null where a sheet has none."""


def _all(fields: list[Any]) -> bool:
    return all(field is not None for field in fields)


def _none(fields: list[Any]) -> bool:
    return all(field is None for field in fields)


class ComputationSchema(RoundingSchema):
    """What is computed by hand: a network on x, and with y the way back, or a ReLU system."""

    network: NetworkSchema | None = None
    x: Samples | None = Field(None, description="one sample (d,), or many (samples, d)")
    y: Samples | None = Field(None, description="null: the forward pass only")
    loss: HandLossName = Field(
        "squared",
        description="none: no loss and no y, E is the only output itself; perceptron: the "
        "perceptron rule of a last layer with step",
    )
    reduction: Literal["mean", "sum"] = "mean"
    eta: float | None = Field(
        None, gt=0, le=1e6, allow_inf_nan=False, description="with one step of descent"
    )
    relu_system: ReluSystemSchema | None = None
    conventions: ConventionsSchema = Field(
        default_factory=ConventionsSchema, description="how a book writes it, where it differs"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_exercises_give_it(cls, data: Any) -> Any:
        """Take `given` of /exercises as it is: a null loss, and a system's points in the open."""
        if not isinstance(data, dict) or not {"interval", "n"} <= data.keys():
            return data
        data = {k: v for k, v in data.items() if v is not None or k not in _NULLABLE}
        interval, _ = data.pop("interval"), data.pop("n")
        if interval is not None and data.get("network") is None:
            points = {"interval": interval, "x": data.pop("x", None), "y": data.pop("y", None)}
            data["relu_system"] = points
        return data

    @model_validator(mode="after")
    def _one_computation(self) -> "ComputationSchema":
        if (self.network is None) == (self.relu_system is None):
            raise PydanticCustomError("one_computation", "give either network or relu_system")
        if self.network is not None and self.x is None:
            raise PydanticCustomError("x", "a network needs x")
        if self.network is None and not _none([self.x, self.y, self.eta]):
            raise PydanticCustomError("relu_system", "a relu_system takes no x, y, eta beside it")
        if self.eta is not None and self.y is None and self.loss != "none":
            raise PydanticCustomError("eta", "a step of descent needs y")
        return self

    @property
    def loss_function(self) -> Loss:
        """The entry of the core's table."""
        return get_loss(self.loss)

    @property
    def book(self) -> Conventions:
        """The conventions declared."""
        return self.conventions.to_core()

    @property
    def form(self) -> WeightsForm:
        """The form of the weights; the usual one where there is no network."""
        return self.network.form if self.network else USUAL_FORM

    def by_convention(self, network: NeuralNetwork) -> tuple[Layer, ...]:
        """The layers with what the conventions say of activations and biases."""
        return self.book.layers(network.layers)

    def solution(self) -> Document:
        """The worked solution; raises what the core refuses."""
        if self.relu_system is not None:
            grid, values = self.relu_system.points()
            with prefix_location("relu_system"):
                return relu_solution(
                    grid,
                    values,
                    self.rule,
                    self.relu_system.ends,
                    function=self.relu_system.formula,
                )
        network, x, y = self.to_core()
        layers, by_rows = self.by_convention(network), self.form.layout == "rows"
        if y is None:
            return forward_solution(layers, x, self.rule, self.book, by_rows)
        loss, reduction = self.loss_function, self.reduction
        return backprop_solution(
            layers, x, y, loss, self.rule, reduction, self.eta, self.book, by_rows=by_rows
        )

    def to_core(self) -> tuple[NeuralNetwork, np.ndarray, np.ndarray | None]:
        """Network, x and y, one row per sample; raises `ShapeMismatch` where they do not fit."""
        steps = (self.y is None and self.loss != "none") or self.loss == "perceptron"
        network = cast(NetworkSchema, self.network).to_core(steps=steps)
        given = cast(np.ndarray, self.x)
        x = network.samples(given, "x")
        if self.y is None and self.loss != "none":
            return network, x, None
        if self.loss == "perceptron":
            require_perceptron(network)
        wanted = target(self.y, self.loss, self.conventions, network, given)
        require_same_rank(given, wanted)
        y = network.samples(wanted, "y")
        require_equal_samples(x, y)
        return network, x, y
