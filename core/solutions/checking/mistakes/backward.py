"""Mistakes on the way back: delta, and ∂E/∂x of the layers below."""

from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import Mistake, changing, mistake, reading, transposed


def _sum_of_deltas(f: Formula, v: Values) -> Numbers:
    return f({**v, "weights": v["weights"] * 0 + 1})


IN_DELTA: tuple[Mistake, ...] = (
    mistake(
        "slope_left_out",
        "σ′ was left out.",
        "delta",
        lambda f, v: v["x_gradient"],
        needs="x_gradient",
    ),
    mistake(
        "only_the_slope",
        "∂E/∂x was left out: only σ′ is there.",
        "delta",
        lambda f, v: v["slope"],
        needs="slope",
    ),
    mistake(
        "added_instead_of_multiplied",
        "∂E/∂x and σ′ were added instead of multiplied.",
        "delta",
        lambda f, v: v["x_gradient"] + v["slope"],
        needs="x_gradient slope",
    ),
    mistake(
        "softmax_treated_unit_by_unit",
        "x (1 - x) was taken as the slope of softmax, but softmax couples its units.",
        "delta",
        lambda f, v: v["x_gradient"] * (v["x"] * (1 - v["x"])),
        needs="x_gradient x",
    ),
    mistake(
        "softmax_of_cross_entropy_unit_by_unit",
        "-y (1 - x) was taken, as if each unit of softmax stood alone; softmax couples its units.",
        "delta",
        lambda f, v: -(v["y"] * (1 - v["x"])),
        functions="cross_entropy",
        needs="x y",
    ),
)

ON_THE_WAY_DOWN: tuple[Mistake, ...] = (
    mistake(
        "weights_not_transposed",
        "The weights were not transposed on the way back.",
        "x_gradient",
        changing("weights", transposed),
        needs="delta weights",
    ),
    mistake(
        "weights_already_updated",
        "The weights after the update were used; the chain rule needs those before it.",
        "x_gradient",
        reading(weights="updated_weights"),
        needs="delta updated_weights",
    ),
    mistake(
        "slope_above_left_out",
        "∂E/∂x of the layer above was carried down instead of its delta: σ′ is left out there.",
        "x_gradient",
        reading(delta="x_gradient_above"),
        needs="delta x_gradient_above",
    ),
    mistake(
        "weights_left_out",
        "The deltas above were added without their weights.",
        "x_gradient",
        _sum_of_deltas,
        needs="delta weights",
    ),
)
