"""The quantities of the forward pass."""

from collections.abc import Sequence

from core.errors import Place
from core.nn.layer import Layer
from core.solutions.calculation.activations import BY_HAND
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import INPUT, Quantity, Values, at, below


def forward_quantities(layers: Sequence[Layer]) -> list[Quantity]:
    """s^(1), x^(1), …, s^(L), x^(L)."""
    return [
        quantity
        for number, layer in enumerate(layers)
        for quantity in (_pre_activation(number, layers), _activation(number, layer))
    ]


def _pre_activation(number: int, layers: Sequence[Layer]) -> Quantity:
    nearby: dict[str, Place] = {}
    if number:
        nearby = {"s_below": below(number, "s"), "input": INPUT}
    for other, layer in enumerate(layers):
        for role in ("weights", "biases"):
            same_shape = getattr(layer, role).shape == getattr(layers[number], role).shape
            if other != number and same_shape:
                nearby[f"{role}_of_{other}"] = at(other, role)
    return Quantity(
        at(number, "s"),
        {
            "weights": at(number, "weights"),
            "x_below": below(number),
            "biases": at(number, "biases"),
        },
        _weigh,
        nearby,
    )


def _weigh(v: Values) -> Numbers:
    """s^(l) = w^(l) x^(l-1) + b^(l), one row per sample."""
    return v["x_below"] @ v["weights"].T + v["biases"]


def _activation(number: int, layer: Layer) -> Quantity:
    name = layer.activation.name
    value = BY_HAND[name].value
    return Quantity(at(number, "x"), {"s": at(number, "s")}, lambda v: value(v["s"]), function=name)
