"""Conventions applied to a calculation: each changes a few formulas."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from core.conventions import Conventions
from core.nn.layer import Layer
from core.solutions.calculation.functions import SQUARE, Function, Numbers
from core.solutions.calculation.quantity import LOSS, Calculation, Formula, Quantity, Values, at
from core.solutions.rounding import as_decimals

Change = Callable[[Quantity], Quantity]


def with_conventions(
    calculation: Calculation, conventions: Conventions, layers: Sequence[Layer], samples: int
) -> Calculation:
    """The calculation as a book with these conventions writes it."""
    changes = [
        change
        for applies, change in (
            (conventions.delta == "error", _turned),
            # After the sign, which the penalty does not have.
            (conventions.l2 != 0.0, _penalised(conventions.l2, layers, samples)),
            (conventions.leak is not None, _leaking(conventions.leak or 0.0)),
            (conventions.shared_bias, _shared),
            (conventions.update == "step", _as_step),
        )
        if applies
    ]
    quantities = calculation.quantities
    for change in changes:
        quantities = tuple(map(change, quantities))
    return Calculation(calculation.given, quantities, conventions)


def _changed(quantity: Quantity, change: Callable[[Formula, Values], Numbers]) -> Quantity:
    right = quantity.formula
    return replace(quantity, formula=lambda v: change(right, v))


_GRADIENTS = {"weights_gradient", "biases_gradient", "sample_weights_gradients"}


def _turned(quantity: Quantity) -> Quantity:
    """The sign of what begins with the loss, and of the gradients, which stay as they are."""
    name, inputs = quantity.name, quantity.inputs
    from_loss = name in ("x_gradient", "delta") and "y" in inputs
    from_delta = name in _GRADIENTS and "delta" in inputs
    of_input = quantity.place == ("x_gradient",)
    if from_loss or from_delta or of_input:
        return _changed(quantity, lambda right, v: -right(v))
    return quantity


def _as_step(quantity: Quantity) -> Quantity:
    if not quantity.name.startswith("updated_"):
        return quantity
    return _changed(quantity, lambda right, v: -(v["gradient"] * v["eta"]))


def _shared(quantity: Quantity) -> Quantity:
    if quantity.name != "biases_gradient":
        return quantity

    def summed(right: Formula, v: Values) -> Numbers:
        total = v["delta"].sum(axis=-1, keepdims=True)
        return right({**v, "delta": v["delta"] * 0 + total})

    return _changed(quantity, summed)


def _leaking(leak: float) -> Change:
    """The leaky ReLU and its slope with another slope below 0."""
    below = Decimal(str(leak))
    value = Function(lambda s: s if s > 0 else below * s, (lambda s: np.where(s > 0, s, leak * s),))
    slope = Function(
        lambda s: Decimal(1) if s > 0 else below, (lambda s: np.where(s > 0.0, 1.0, leak),)
    )
    functions = {"x": value, "slope": slope}

    def change(quantity: Quantity) -> Quantity:
        if quantity.function != "leaky_relu" or quantity.name not in functions:
            return quantity
        function = functions[quantity.name]
        return _changed(quantity, lambda right, v: function(v["s"]))

    return change


def _penalised(l2: float, layers: Sequence[Layer], samples: int) -> Change:
    """λ/(2N) Σ w² added to E, and λ/N w to ∂E/∂w."""
    share = Decimal(str(l2)) / samples
    weights = {f"w_{i}": at(i, "weights") for i in range(len(layers))}

    def penalty(right: Formula, v: Values) -> Numbers:
        squares = (SQUARE(v[role]).sum(axis=0).sum(axis=0) for role in weights)
        total = right(v)
        for one in squares:
            total = total + one * share * Decimal("0.5")
        return total

    def change(quantity: Quantity) -> Quantity:
        if quantity.place == LOSS:
            inputs = {**quantity.inputs, **weights}
            return replace(_changed(quantity, penalty), inputs=inputs)
        if quantity.name == "weights_gradient":
            parameter = at(int(quantity.place[1]), "weights")
            inputs = {**quantity.inputs, "penalised": parameter}
            penalised = _changed(quantity, lambda right, v: right(v) + v["penalised"] * share)
            return replace(penalised, inputs=inputs)
        return quantity

    return change


def l2_of(loss: float, penalised: float, layers: Sequence[Layer], samples: int) -> float:
    """λ for which E with the penalty is `penalised`, to three significant digits."""
    squares = sum(float(np.sum(as_decimals(layer.weights) ** 2)) for layer in layers)
    return float(f"{2.0 * samples * (penalised - loss) / squares:.3g}") if squares else 0.0
