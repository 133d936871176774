"""Right numbers of another convention: which one they fit, instead of calling them wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any, Literal

import numpy as np

from core.arrays import Array
from core.conventions import DEFAULT, Conventions
from core.errors import MathematicalError, Place
from core.nn.activations import LEAK
from core.nn.forward import mean_loss
from core.nn.layer import Layer
from core.nn.losses import Loss, get_loss
from core.solutions.calculation.conventions import l2_of
from core.solutions.calculation.network import (
    ReductionByHand,
    backprop_calculation,
    forward_calculation,
)
from core.solutions.calculation.quantity import LOSS, Calculation

LEAKS = (0.1, 0.2, 0.3, 0.05, 0.25, 0.5, 0.001, 0.02)
"""Slopes that books give the leaky ReLU below 0."""
MOST_TOGETHER = 2
"""Maximum conventions that differ at once."""


@dataclass(frozen=True, eq=False)
class HandProblem:
    """A network, a sample or several, and what is asked for, before any convention."""

    layers: tuple[Layer, ...]
    x: Array
    y: Array | None = None
    loss: Loss = field(default_factory=lambda: get_loss("squared"))
    reduction: ReductionByHand = "mean"
    eta: float | None = None
    conventions: Conventions = DEFAULT
    layout: Literal["columns", "rows"] = "columns"
    """By which its weights were written."""

    def calculation(self) -> Calculation:
        """Its quantities in the order of computing."""
        if self.y is None:
            return forward_calculation(self.layers, self.x, self.conventions)
        return backprop_calculation(
            self.layers, self.x, self.y, self.loss, self.reduction, self.eta, self.conventions
        )


@dataclass(frozen=True)
class Convention:
    """A convention that fits, in words and as a request declares it."""

    name: str
    sentence: str
    declare: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Supposition:
    """The problem as a book with other conventions has it."""

    conventions: tuple[Convention, ...]
    calculation: Calculation
    matrices_transposed: bool = False


Change = Callable[[HandProblem], HandProblem]
Choice = tuple[Convention, Change, bool]


def suppositions(problem: HandProblem, answers: Mapping[Place, Array]) -> Iterator[Supposition]:
    """Every other convention, then every two of them, that make a problem of this one."""
    for taken in _taken_together(list(_groups(problem, answers))):
        changed = problem
        try:
            for _, change, _ in taken:
                changed = change(changed)
            calculation = changed.calculation()
        except (MathematicalError, ValueError):
            continue  # weights that fit only as they are
        transposed = any(matrices for *_, matrices in taken)
        yield Supposition(tuple(one for one, *_ in taken), calculation, transposed)


def _taken_together(groups: Sequence[Sequence[Choice]]) -> Iterator[tuple[Choice, ...]]:
    """Each choice, those of the first groups first, then every two of different groups."""
    for count in range(1, MOST_TOGETHER + 1):
        for chosen in combinations(groups, count):
            yield from product(*chosen)


def _groups(problem: HandProblem, answers: Mapping[Place, Array]) -> Iterator[list[Choice]]:
    """Conventions that exclude one another stand in one list."""
    yield _losses(problem)
    yield _signs(problem)
    yield _steps(problem)
    yield _shared_biases(problem)
    yield _layouts(problem)
    yield _leaks(problem)
    yield _penalties(problem, answers)


_SQUARES = {
    "squared": "The loss is half the sum of the squares.",
    "squared_sum": "The loss is the sum of the squares, without ½.",
    "mean_squared": "The loss is the mean of the squares over the outputs.",
}


def _losses(problem: HandProblem) -> list[Choice]:
    if problem.y is None or problem.loss.name not in _SQUARES:
        return []
    return [
        (Convention(name, sentence, {"loss": name}), _with(loss=get_loss(name)), False)
        for name, sentence in _SQUARES.items()
        if name != problem.loss.name
    ]


def _signs(problem: HandProblem) -> list[Choice]:
    if problem.y is None:
        return []
    if problem.conventions.delta == "error":
        return [_declared("delta_gradient", "δ has the sign of ŷ - y.", delta="gradient")]
    return [
        _declared("delta_error", "δ has the sign of y - ŷ, and the step is added.", delta="error")
    ]


def _steps(problem: HandProblem) -> list[Choice]:
    if problem.eta is None:
        return []
    if problem.conventions.update == "step":
        sentence = "What is written for the update is the new parameter, not the step."
        return [_declared("update_parameter", sentence, update="parameter")]
    sentence = "What is written for the update is the step Δw, not the new parameter."
    return [_declared("update_step", sentence, update="step")]


def _shared_biases(problem: HandProblem) -> list[Choice]:
    """One bias for a layer, where its units have the same; zeros say nothing."""
    if problem.y is None:
        return []
    if problem.conventions.shared_bias:
        sentence = "Every unit has a bias of its own."
        return [_declared("own_biases", sentence, shared_bias=False)]
    several = [layer.biases for layer in problem.layers if layer.d_out > 1]
    if not several or not all(one.any() and np.ptp(one) == 0.0 for one in several):
        return []
    sentence = "The units of a layer share one bias, whose gradient is the sum of their deltas."
    return [_declared("shared_bias", sentence, shared_bias=True)]


def _layouts(problem: HandProblem) -> list[Choice]:
    """The weights written the other way round, or their gradients alone."""
    other = "columns" if problem.layout == "rows" else "rows"
    written = {
        "rows": "are written for row vectors, x W, with a column for each unit.",
        "columns": "have a row for each unit, as for columns W x.",
    }[other]
    declare = {"network": {"layout": other}}
    whole = Convention(f"layout_{other}", f"Matrices {written}", declare)
    of_gradients = Convention(f"gradients_by_{other}", f"The gradients {written}", declare)
    choices: list[Choice] = [(whole, _transposed, True)]
    if problem.y is None:
        return choices
    return [(of_gradients, lambda one: one, True), *choices]


def _transposed(problem: HandProblem) -> HandProblem:
    layers = tuple(
        Layer(layer.weights.T, layer.biases, layer.activation) for layer in problem.layers
    )
    widths = [problem.x.shape[1], *(layer.d_out for layer in layers)]
    if any(layer.d_in != width for layer, width in zip(layers, widths, strict=False)):
        raise ValueError(widths)
    return replace(problem, layers=layers)


def _leaks(problem: HandProblem) -> list[Choice]:
    if all(layer.activation.name != "leaky_relu" for layer in problem.layers):
        return []
    declared = LEAK if problem.conventions.leak is None else problem.conventions.leak
    sentence = "The leaky ReLU has the slope {} below 0."
    return [
        _declared("leak", sentence.format(leak), leak=leak)
        for leak in (LEAK, *LEAKS)
        if leak != declared
    ]


def _penalties(problem: HandProblem, answers: Mapping[Place, Array]) -> list[Choice]:
    """λ from the loss handed in, which the gradients then have to confirm."""
    handed_in = answers.get(LOSS)
    confirmed = any(place[-1] == "weights_gradient" for place in answers)
    if problem.y is None:
        return []
    if problem.conventions.l2:
        return [_declared("no_l2", "The loss has no penalty.", l2=0.0)]
    if handed_in is None or not confirmed:
        return []
    samples = len(problem.x) if problem.reduction == "mean" else 1
    plain = _plain_loss(problem, problem.y)
    l2 = l2_of(plain, float(handed_in.item() or np.nan), problem.layers, samples)
    if not 0.0 < l2 < 1e6:
        return []
    return [_declared("l2", f"The loss has a penalty λ/(2N) Σ w² with λ = {l2:g}.", l2=l2)]


def _plain_loss(problem: HandProblem, y: Array) -> float:
    mean = mean_loss(problem.layers, problem.x, y, problem.loss)
    return mean if problem.reduction == "mean" else mean * len(problem.x)


def _declared(name: str, sentence: str, **convention: Any) -> Choice:
    def change(problem: HandProblem) -> HandProblem:
        return replace(problem, conventions=replace(problem.conventions, **convention))

    return Convention(name, sentence, {"conventions": convention}), change, False


def _with(**fields: Any) -> Change:
    return lambda problem: replace(problem, **fields)


def transposed_answers(answers: Mapping[Place, Array]) -> dict[Place, Array]:
    """Matrices of parameters by columns, as a sheet for row vectors has them by rows."""
    matrices = {"weights_gradient", "updated_weights"}
    return {
        place: np.asarray(numbers).T if place[-1] in matrices else numbers
        for place, numbers in answers.items()
    }
