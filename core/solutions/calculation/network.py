"""Task 5 (docs/exercise-sheet.md) as a calculation: forward, backward, and all updates.

Rows are samples, as everywhere; with more than one, each has its own gradients before their mean.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.conventions import DEFAULT, Conventions
from core.errors import Place
from core.nn.layer import Layer
from core.nn.losses import Loss
from core.solutions.calculation.backward import backward_quantities
from core.solutions.calculation.conventions import with_conventions
from core.solutions.calculation.forward import forward_quantities
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import (
    ETA,
    INPUT,
    SAMPLE_WEIGHTS,
    TARGET,
    Calculation,
    Quantity,
    Values,
    at,
)
from core.solutions.rounding import as_decimals

ReductionByHand = Literal["mean", "sum"]


def forward_calculation(
    layers: Sequence[Layer], x: Float[Array, "samples d_in"], conventions: Conventions = DEFAULT
) -> Calculation:
    """Every s^(l) = w^(l) x^(l-1) + b^(l) and x^(l) = σ(s^(l)) for layers that fit and their x."""
    calculation = Calculation(_given(layers, x), tuple(forward_quantities(layers)))
    return with_conventions(calculation, conventions, layers, len(x))


def backprop_calculation(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    reduction: ReductionByHand = "mean",
    eta: float | None = None,
    conventions: Conventions = DEFAULT,
    weights: Float[Array, " samples"] | None = None,
) -> Calculation:
    """The forward calculation, E, and the chain rule downwards; with `eta` one step of descent.

    E of each sample is multiplied by its weight where there are `weights`.
    """
    given = {**_given(layers, x), TARGET: as_decimals(y)}
    if weights is not None:
        given[SAMPLE_WEIGHTS] = as_decimals(weights)
    quantities = [
        *forward_quantities(layers),
        *backward_quantities(layers, len(x), loss, reduction, weights is not None),
    ]
    if eta is not None:
        given[ETA] = as_decimals(np.asarray(eta))
        quantities += chain.from_iterable(map(_updates, range(len(layers))))
    calculation = Calculation(given, tuple(quantities))
    shared_by = len(x) if reduction == "mean" else 1
    return with_conventions(calculation, conventions, layers, shared_by)


def _given(layers: Sequence[Layer], x: Array) -> dict[Place, Array]:
    given: dict[Place, Array] = {INPUT: as_decimals(x)}
    for number, layer in enumerate(layers):
        given[at(number, "weights")] = as_decimals(layer.weights)
        given[at(number, "biases")] = as_decimals(layer.biases)
    return given


def _updates(number: int) -> list[Quantity]:
    return [
        Quantity(
            at(number, f"updated_{name}"),
            {"parameter": at(number, name), "gradient": at(number, f"{name}_gradient"), "eta": ETA},
            _descend,
        )
        for name in ("weights", "biases")
    ]


def _descend(v: Values) -> Numbers:
    """The step w ← w - η ∂E/∂w."""
    return v["parameter"] - v["gradient"] * v["eta"]
