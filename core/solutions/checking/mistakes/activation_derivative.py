"""Mistakes in σ′."""

from core.solutions.calculation.activations import (
    RELU_SLOPE,
    SIGMOID_SLOPE,
    SIGMOID_VALUE,
    TANH_VALUE,
)
from core.solutions.calculation.functions import SQUARE, Numbers
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import Mistake, mistake, reading


def _sigmoid_slope_of_s(f: Formula, v: Values) -> Numbers:
    return SIGMOID_SLOPE(SIGMOID_VALUE(v["s"]))


IN_THE_SLOPE: tuple[Mistake, ...] = (
    mistake(
        "slope_taken_at_x",
        "σ′ was taken at x instead of at s.",
        "slope",
        lambda f, v: SIGMOID_SLOPE(SIGMOID_VALUE(v["x"])),
        functions="sigmoid",
    ),
    mistake(
        "slope_of_tanh_taken_at_x",
        "tanh′ was taken at x instead of at s.",
        "slope",
        lambda f, v: f({"x": TANH_VALUE(v["x"])}),
        functions="tanh",
    ),
    mistake(
        "slope_of_s_instead_of_x",
        "s was put where x belongs, in x (1 - x) or 1 - x².",
        "slope",
        reading(x="s"),
        functions="sigmoid tanh",
    ),
    mistake(
        "slope_of_layer_below",
        "σ′ was taken for the layer below.",
        "slope",
        reading(x="x_below"),
        functions="sigmoid tanh",
    ),
    mistake(
        "value_instead_of_slope",
        "x = σ(s) was taken instead of σ′(s).",
        "slope",
        lambda f, v: v["x"],
    ),
    mistake(
        "second_factor_only",
        "1 - x was taken instead of x (1 - x).",
        "slope",
        lambda f, v: 1 - v["x"],
        functions="sigmoid",
    ),
    mistake(
        "slope_squared_only",
        "x² was taken instead of 1 - x².",
        "slope",
        lambda f, v: 1 - f(v),
        functions="tanh",
    ),
    mistake(
        "slope_of_relu_inverted",
        "1 and 0 are exchanged: the slope of ReLU is 1 where s > 0.",
        "slope",
        lambda f, v: 1 - f(v),
        functions="relu",
    ),
    mistake(
        "square_of_tanh_forgotten",
        "1 - x was taken instead of 1 - x².",
        "slope",
        lambda f, v: 1 - v["x"],
        functions="tanh",
    ),
    mistake(
        "slope_of_relu_instead_of_sigmoid",
        "The slope of ReLU was taken, but the layer has the sigmoid.",
        "slope",
        lambda f, v: RELU_SLOPE(v["s"]),
        functions="sigmoid",
    ),
    mistake(
        "slope_of_tanh_instead_of_sigmoid",
        "1 - x² was taken, the slope of tanh, but the layer has the sigmoid.",
        "slope",
        lambda f, v: 1 - SQUARE(v["x"]),
        functions="sigmoid",
    ),
    mistake(
        "slope_of_relu_instead_of_leaky_relu",
        "The slope of ReLU was taken, but the layer's activation leaks.",
        "slope",
        lambda f, v: RELU_SLOPE(v["s"]),
        functions="leaky_relu softplus",
    ),
    mistake(
        "slope_of_sigmoid_instead_of_relu",
        "The slope of the sigmoid was taken, but the layer has ReLU.",
        "slope",
        _sigmoid_slope_of_s,
        functions="relu leaky_relu",
    ),
    mistake(
        "slope_of_sigmoid_instead_of_other",
        "x (1 - x) was taken, the slope of the sigmoid, but the layer has another activation.",
        "slope",
        lambda f, v: SIGMOID_SLOPE(v["x"]),
        functions="tanh identity softplus",
    ),
)
