"""The quantities of the backward pass, from E down to the gradients of the first layer."""

from collections.abc import Sequence

from core.errors import Place
from core.nn.layer import Layer
from core.nn.losses import Loss
from core.solutions.calculation.activations import BY_HAND
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.gradients import parameter_gradients, reduced, share
from core.solutions.calculation.losses import LOSSES_BY_HAND
from core.solutions.calculation.quantity import (
    INPUT_GRADIENT,
    LOSS,
    LOSSES,
    SAMPLE_WEIGHTS,
    TARGET,
    Formula,
    Quantity,
    Values,
    at,
    below,
)


def backward_quantities(
    layers: Sequence[Layer], samples: int, loss: Loss, reduction: str, is_weighted: bool = False
) -> list[Quantity]:
    """E, then for every layer downwards ∂E/∂x, σ′(s), delta, ∂E/∂w and ∂E/∂b; ∂E/∂x^(0) last.

    With weights of the samples the E of each is multiplied by its own.
    """
    quantities = _loss(len(layers) - 1, samples, loss, reduction, is_weighted)
    for number in reversed(range(len(layers))):
        activation = layers[number].activation.name
        if number == len(layers) - 1:
            quantities += _output_delta(number, activation, loss, is_weighted)
        else:
            quantities.append(_from_above(number))
            quantities += _slope_and_delta(number, activation)
        quantities += parameter_gradients(number, samples, reduction)
    quantities.append(
        Quantity(
            INPUT_GRADIENT,
            {"delta": at(0, "delta"), "weights": at(0, "weights")},
            lambda v: _pull_down(v) * share(samples, reduction),
        )
    )
    return quantities


def _loss(last: int, samples: int, loss: Loss, reduction: str, is_weighted: bool) -> list[Quantity]:
    by_hand = LOSSES_BY_HAND[loss.name]
    roles = ("x", "y", "s") if by_hand.of_s else ("x", "y")
    places = {"x": at(last, "x"), "y": TARGET, "s": at(last, "s")}
    inputs = {role: places[role] for role in roles} | _weight_of(is_weighted)

    def of_samples(v: Values) -> Numbers:
        value = by_hand.value(*(v[role] for role in roles))
        return value * v["weight"] if is_weighted else value

    if samples == 1:
        return [Quantity(LOSS, inputs, lambda v: of_samples(v).sum(axis=0), function=loss.name)]
    return [
        Quantity(LOSSES, inputs, of_samples, function=loss.name),
        reduced(LOSS, {"losses": LOSSES}, samples, reduction),
    ]


def _weight_of(is_weighted: bool) -> dict[str, Place]:
    return {"weight": SAMPLE_WEIGHTS} if is_weighted else {}


def _output_delta(number: int, activation: str, loss: Loss, is_weighted: bool) -> list[Quantity]:
    """∂E/∂s^(L): a difference for partners of a loss, the chain rule's product otherwise."""
    by_hand = LOSSES_BY_HAND[loss.name]
    inputs = {"x": at(number, "x"), "y": TARGET} | _weight_of(is_weighted)

    def times_weight(v: Values, of_sample: Numbers) -> Numbers:
        return of_sample * v["weight"][:, None] if is_weighted else of_sample

    delta = by_hand.delta
    if delta is not None and by_hand.partner == activation:
        formula: Formula = lambda v: times_weight(v, delta(v["x"], v["y"]))  # noqa: E731
        return [Quantity(at(number, "delta"), inputs, formula, function=loss.name)]
    gradient = Quantity(
        at(number, "x_gradient"),
        inputs,
        lambda v: times_weight(v, by_hand.gradient(v["x"], v["y"])),
        function=loss.name,
    )
    return [gradient, *_slope_and_delta(number, activation)]


def _from_above(number: int) -> Quantity:
    return Quantity(
        at(number, "x_gradient"),
        {"delta": at(number + 1, "delta"), "weights": at(number + 1, "weights")},
        _pull_down,
        {
            "updated_weights": at(number + 1, "updated_weights"),
            "x_gradient_above": at(number + 1, "x_gradient"),
        },
    )


def _pull_down(v: Values) -> Numbers:
    """∂E/∂x^(l) = w^(l+1)ᵀ δ^(l+1), one row per sample."""
    return v["delta"] @ v["weights"]


def _slope_and_delta(number: int, activation: str) -> list[Quantity]:
    by_hand = BY_HAND[activation]
    gradient, delta = at(number, "x_gradient"), at(number, "delta")
    slope = by_hand.slope
    if slope is None:
        return [Quantity(delta, {"x_gradient": gradient, "x": at(number, "x")}, _through_softmax)]
    read = by_hand.slope_from
    nearby = {"s": at(number, "s"), "x": at(number, "x"), "x_below": below(number)}
    return [
        Quantity(
            at(number, "slope"),
            {read: at(number, read)},
            lambda v: slope(v[read]),
            nearby,
            activation,
        ),
        Quantity(delta, {"x_gradient": gradient, "slope": at(number, "slope")}, _product),
    ]


def _product(v: Values) -> Numbers:
    """δ^(l) = ∂E/∂x^(l) ⊙ σ′(s^(l))."""
    return v["x_gradient"] * v["slope"]


def _through_softmax(v: Values) -> Numbers:
    """δ_k = x_k (g_k - Σ_j g_j x_j) with g = ∂E/∂x, since softmax couples its units."""
    shared = (v["x_gradient"] * v["x"]).sum(axis=-1, keepdims=True)
    return v["x"] * (v["x_gradient"] - shared)
