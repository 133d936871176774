"""Mistakes in the gradients of the parameters, and in the update."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import (
    Mistake,
    Mistaken,
    changing,
    family,
    mistake,
    permuted,
    reading,
    swaps,
)

_WEIGHTS = "weights_gradient sample_weights_gradients"


def _sum_over_samples(f: Formula, v: Values) -> Numbers:
    return f(v) * _samples(v)


def _mean_over_samples(f: Formula, v: Values) -> Numbers:
    return f(v) / _samples(v)


def _row_sums(f: Formula, v: Values) -> Numbers:
    """Σ_i of δ_k x_i for each unit k, of all samples together."""
    whole = v["x_below"].sum(axis=-1, keepdims=True)
    return f({**v, "delta": v["delta"] * whole})


def _sum_over_units(f: Formula, v: Values) -> Numbers:
    """The same number for every unit: the sum of their deltas."""
    total = v["delta"].sum(axis=-1, keepdims=True)
    return f({**v, "delta": v["delta"] * 0 + total})


def _other_steps(v: Values) -> Iterator[Mistaken]:
    """The update with another step size that is often chosen."""
    for factor in map(Decimal, ("10", "0.1", "2", "0.5")):
        yield changing("eta", partial(_scaled, factor))
    for eta in map(Decimal, ("0.01", "0.05", "0.1", "0.2", "0.5")):
        yield changing("eta", partial(_replaced, eta))


def _scaled(factor: Decimal, old: Numbers) -> Numbers:
    return old * factor


def _replaced(new: Decimal, old: Numbers) -> Numbers:
    return old * 0 + new


def _each(v: Values) -> Numbers:
    """What was summed over the samples."""
    return next(v[role] for role in ("each", "losses", "delta", "x") if role in v)


def _samples(v: Values) -> int:
    return int(_each(v).shape[0])


IN_THE_GRADIENTS: tuple[Mistake, ...] = (
    mistake(
        "outer_product_transposed",
        "The outer product is transposed: x δᵀ instead of δ xᵀ.",
        _WEIGHTS,
        lambda f, v: f(v).swapaxes(-1, -2),
        needs="delta x_below",
    ),
    mistake(
        "x_of_the_same_layer",
        "x of the layer itself was taken instead of x of the layer below.",
        _WEIGHTS,
        reading(x_below="x"),
        needs="delta x_below x",
    ),
    mistake(
        "s_below_instead_of_x_below",
        "s of the layer below was taken instead of its x.",
        _WEIGHTS,
        reading(x_below="s_below"),
        needs="delta x_below s_below",
    ),
    mistake(
        "slope_left_out_of_gradient",
        "∂E/∂x was taken instead of delta: σ′ is left out.",
        f"{_WEIGHTS} biases_gradient",
        reading(delta="x_gradient"),
        needs="delta x_gradient",
    ),
    mistake(
        "multiplied_by_the_weights",
        "The gradient was multiplied by the weights, number by number.",
        _WEIGHTS,
        lambda f, v: f(v) * v["weights"],
        needs="delta x_below weights",
    ),
    mistake(
        "multiplied_by_the_bias",
        "delta was multiplied by the bias; ∂E/∂b is delta itself.",
        "biases_gradient",
        lambda f, v: f(v) * v["biases"],
        needs="biases",
    ),
    mistake(
        "gradient_of_the_bias_one",
        "1 was taken, which is ∂s/∂b, not ∂E/∂b.",
        "biases_gradient",
        lambda f, v: f(v) * 0 + 1,
    ),
    mistake(
        "sum_over_inputs",
        "The row of ∂E/∂w was summed; ∂E/∂b is delta itself.",
        "biases_gradient",
        _row_sums,
        needs="delta x_below",
    ),
    mistake(
        "sum_over_units",
        "The deltas of all units were added up: that is right only where they share one bias.",
        "biases_gradient",
        _sum_over_units,
        needs="delta",
    ),
    family(
        "inputs_of_gradient_exchanged",
        "Two inputs are exchanged: each delta was multiplied by the other's x.",
        _WEIGHTS,
        lambda v: (permuted("x_below", order) for order in swaps(int(v["x_below"].shape[-1]))),
        needs="delta x_below",
    ),
    mistake(
        "sum_instead_of_mean",
        "The sum over the samples was taken instead of their mean.",
        "loss weights_gradient biases_gradient",
        _sum_over_samples,
        functions="mean",
    ),
    mistake(
        "mean_instead_of_sum",
        "The mean over the samples was taken instead of their sum.",
        "loss weights_gradient biases_gradient",
        _mean_over_samples,
        functions="sum",
    ),
    mistake(
        "last_sample_only",
        "Only the last sample was taken.",
        "loss weights_gradient biases_gradient",
        lambda f, v: _each(v)[-1],
        functions="mean sum",
    ),
)

_UPDATED = "updated_weights updated_biases"
IN_THE_UPDATE: tuple[Mistake, ...] = (
    mistake(
        "step_upwards",
        "The step was added: it goes up the gradient instead of down.",
        _UPDATED,
        lambda f, v: v["parameter"] + v["gradient"] * v["eta"],
    ),
    mistake(
        "eta_forgotten",
        "η was left out.",
        _UPDATED,
        lambda f, v: v["parameter"] - v["gradient"],
    ),
    family(
        "another_eta",
        "Another η was used.",
        _UPDATED,
        _other_steps,
        needs="eta",
    ),
    mistake(
        "only_the_step",
        "Only the step - η ∂E/∂w is there; the old parameter is missing.",
        _UPDATED,
        lambda f, v: -(v["gradient"] * v["eta"]),
    ),
    mistake(
        "only_the_product",
        "Only η ∂E/∂w is there; it has to be subtracted from the old parameter.",
        _UPDATED,
        lambda f, v: v["gradient"] * v["eta"],
    ),
    mistake(
        "not_updated",
        "The old parameter was copied.",
        _UPDATED,
        lambda f, v: v["parameter"],
    ),
    mistake(
        "eta_applied_to_the_parameter",
        "η was multiplied with the difference of parameter and gradient.",
        _UPDATED,
        lambda f, v: (v["parameter"] - v["gradient"]) * v["eta"],
    ),
)
