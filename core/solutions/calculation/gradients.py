"""The gradients of a layer's parameters, of one sample and of several."""

from collections.abc import Mapping
from decimal import Decimal

from core.errors import Place
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Quantity, Values, at, below


def share(samples: int, reduction: str) -> Decimal:
    """1/N for the mean of N samples, 1 for their sum."""
    return Decimal(1) / samples if reduction == "mean" else Decimal(1)


def reduced(
    place: Place,
    inputs: Mapping[str, Place],
    samples: int,
    reduction: str,
    nearby: Mapping[str, Place] | None = None,
) -> Quantity:
    """The sum over the axis samples of the one input, or the mean."""
    (role,) = inputs
    divisor = samples if reduction == "mean" else 1
    return Quantity(
        place,
        inputs,
        lambda v: v[role].sum(axis=0) / divisor,
        nearby or {},
        reduction if samples > 1 else "",
    )


def parameter_gradients(number: int, samples: int, reduction: str) -> list[Quantity]:
    """∂E/∂w and ∂E/∂b of a layer; of several samples each one's own ∂E/∂w first."""
    delta, weights_gradient = at(number, "delta"), at(number, "weights_gradient")
    inputs = {"delta": delta, "x_below": below(number)}
    nearby = {name: at(number, name) for name in ("x", "x_gradient", "weights", "biases")}
    if number:
        nearby["s_below"] = below(number, "s")
    of_weights = [Quantity(weights_gradient, inputs, lambda v: _outer(v).sum(axis=0), nearby)]
    if samples > 1:
        each = at(number, "sample_weights_gradients")
        of_weights = [
            Quantity(each, inputs, _outer, nearby),
            reduced(weights_gradient, {"each": each}, samples, reduction),
        ]
    of_biases = reduced(
        at(number, "biases_gradient"),
        {"delta": delta},
        samples,
        reduction,
        nearby | {"x_below": below(number)},
    )
    return [*of_weights, of_biases]


def _outer(v: Values) -> Numbers:
    """∂E/∂w^(l) = δ^(l) x^(l-1)ᵀ of each sample."""
    return v["delta"][:, :, None] * v["x_below"][:, None, :]
