"""Every mistake by numbers worked out apart from the catalogue, and the list of its names."""

from math import exp, log, log10, tan, tanh
from pathlib import Path

import numpy as np
import pytest

from core import NeuralNetwork
from core.nn.losses import LOSSES
from core.solutions.calculation.network import backprop_calculation
from core.solutions.calculation.relu_system import equidistant_calculation
from core.solutions.checking.check import check
from core.solutions.checking.mistakes import MISTAKES, WRITING
from core.solutions.checking.verdict import Verdict
from core.solutions.rounding import Rounding

NAMES = Path(__file__).parent / "golden" / "mistakes.txt"
# A 2-2-2 network with numbers that have nothing in common.
W1, B1 = [[0.3, -0.7], [0.5, 0.9]], [0.2, -0.4]
W2, B2 = [[0.6, -1.1], [0.8, 0.25]], [-0.35, 0.45]
X, Y, ETA = [1.7, 0.9], [0.15, 0.85], 0.5


def sigma(s):
    return 1 / (1 + exp(-s))


def dot(a, b):
    return sum(p * q for p, q in zip(a, b, strict=True))


def weighed(w, x, b):
    return [dot(row, x) + c for row, c in zip(w, b, strict=True)]


def columns(w):
    return [list(column) for column in zip(*w, strict=True)]


def minus(a, b):
    return [p - q for p, q in zip(a, b, strict=True)]


def times(a, b):
    return [p * q for p, q in zip(a, b, strict=True)]


S1 = weighed(W1, X, B1)
X1 = [sigma(s) for s in S1]
S2 = weighed(W2, X1, B2)
X2 = [sigma(s) for s in S2]
G2 = minus(X2, Y)
SLOPE2 = [x * (1 - x) for x in X2]
D2 = times(G2, SLOPE2)
G1 = [dot(column, D2) for column in columns(W2)]
SLOPE1 = [x * (1 - x) for x in X1]
D1 = times(G1, SLOPE1)
DW2 = [[d * x for x in X1] for d in D2]
DW1 = [[d * x for x in X] for d in D1]
STEPPED = [[w - ETA * g for w, g in zip(*rows, strict=True)] for rows in zip(W2, DW2, strict=True)]


def shifted(w, g, share):
    return [[p + share * q for p, q in zip(*rows, strict=True)] for rows in zip(w, g, strict=True)]


E = 0.5 * sum(g * g for g in G2)
SIGMOIDS = {
    # name: (place, its numbers by that mistake)
    "bias_forgotten": (("layers", 1, "s"), weighed(W2, X1, [0, 0])),
    "bias_subtracted": (("layers", 1, "s"), minus(weighed(W2, X1, [0, 0]), B2)),
    "bias_added_for_each_input": (("layers", 1, "s"), weighed(W2, X1, [-0.7, 0.9])),
    "weights_transposed": (("layers", 1, "s"), weighed(columns(W2), X1, B2)),
    "activation_below_forgotten": (("layers", 1, "s"), weighed(W2, S1, B2)),
    "input_weighed_again": (("layers", 1, "s"), weighed(W2, X, B2)),
    "bias_of_another_layer": (("layers", 1, "s"), weighed(W2, X1, B1)),
    "weights_of_another_layer": (("layers", 1, "s"), weighed(W1, X1, B2)),
    "inputs_exchanged": (("layers", 1, "s"), weighed(W2, X1[::-1], B2)),
    "term_left_out": (("layers", 1, "s"), [0.6 * X1[0] - 0.35, 0.8 * X1[0] + 0.45]),
    "term_with_wrong_sign": (
        ("layers", 1, "s"),
        [-0.6 * X1[0] - 1.1 * X1[1] - 0.35, -0.8 * X1[0] + 0.25 * X1[1] + 0.45],
    ),
    "activation_forgotten": (("layers", 0, "x"), S1),
    "tanh_instead_of_sigmoid": (("layers", 0, "x"), [tanh(s) for s in S1]),
    "sign_of_the_exponent_turned": (("layers", 0, "x"), [1 / (1 + exp(s)) for s in S1]),
    "reciprocal_forgotten": (("layers", 0, "x"), [1 + exp(-s) for s in S1]),
    "multiplied_by_s": (("layers", 0, "x"), [s / (1 + exp(-s)) for s in S1]),
    "activation_applied_twice": (("layers", 0, "x"), [sigma(x) for x in X1]),
    "slope_instead_of_value": (("layers", 0, "x"), SLOPE1),
    "half_forgotten": (("loss",), sum(g * g for g in G2)),
    "square_forgotten": (("loss",), 0.5 * sum(G2)),
    "neither_squared_nor_halved": (("loss",), sum(G2)),
    "absolute_instead_of_squared": (("loss",), 0.5 * sum(map(abs, G2))),
    "targets_exchanged": (("layers", 1, "x_gradient"), minus(X2, Y[::-1])),
    "difference_turned": (("layers", 1, "x_gradient"), minus(Y, X2)),
    "factor_two": (("layers", 1, "x_gradient"), [2 * g for g in G2]),
    "target_forgotten": (("layers", 1, "x_gradient"), X2),
    "squared_instead_of_differentiated": (("layers", 1, "x_gradient"), [g * g for g in G2]),
    "slope_taken_at_x": (("layers", 1, "slope"), [sigma(x) * (1 - sigma(x)) for x in X2]),
    "slope_of_s_instead_of_x": (("layers", 1, "slope"), [s * (1 - s) for s in S2]),
    "slope_of_layer_below": (("layers", 1, "slope"), SLOPE1),
    "value_instead_of_slope": (("layers", 1, "slope"), X2),
    "second_factor_only": (("layers", 1, "slope"), [1 - x for x in X2]),
    "slope_of_tanh_instead_of_sigmoid": (("layers", 1, "slope"), [1 - x * x for x in X2]),
    "slope_left_out": (("layers", 1, "delta"), G2),
    "only_the_slope": (("layers", 1, "delta"), SLOPE2),
    "added_instead_of_multiplied": (
        ("layers", 1, "delta"),
        [g + d for g, d in zip(G2, SLOPE2, strict=True)],
    ),
    "weights_not_transposed": (("layers", 0, "x_gradient"), [dot(row, D2) for row in W2]),
    "weights_already_updated": (
        ("layers", 0, "x_gradient"),
        [dot(column, D2) for column in columns(STEPPED)],
    ),
    "slope_above_left_out": (
        ("layers", 0, "x_gradient"),
        [dot(column, G2) for column in columns(W2)],
    ),
    "weights_left_out": (("layers", 0, "x_gradient"), [sum(D2)] * 2),
    "only_one_path": (("layers", 0, "x_gradient"), [0.6 * D2[0], -1.1 * D2[0]]),
    "path_with_wrong_sign": (
        ("layers", 0, "x_gradient"),
        [0.6 * D2[0] - 0.8 * D2[1], -1.1 * D2[0] - 0.25 * D2[1]],
    ),
    "deltas_exchanged": (
        ("layers", 0, "x_gradient"),
        [dot(column, D2[::-1]) for column in columns(W2)],
    ),
    "error_split_by_weights": (
        ("layers", 0, "x_gradient"),
        [
            0.6 / -0.5 * G2[0] + 0.8 / 1.05 * G2[1],
            -1.1 / -0.5 * G2[0] + 0.25 / 1.05 * G2[1],
        ],
    ),
    "outer_product_transposed": (("layers", 1, "weights_gradient"), columns(DW2)),
    "x_of_the_same_layer": (
        ("layers", 1, "weights_gradient"),
        [[d * x for x in X2] for d in D2],
    ),
    "s_below_instead_of_x_below": (
        ("layers", 1, "weights_gradient"),
        [[d * s for s in S1] for d in D2],
    ),
    "slope_left_out_of_gradient": (
        ("layers", 1, "weights_gradient"),
        [[g * x for x in X1] for g in G2],
    ),
    "multiplied_by_the_weights": (
        ("layers", 1, "weights_gradient"),
        [times(*rows) for rows in zip(DW2, W2, strict=True)],
    ),
    "inputs_of_gradient_exchanged": (
        ("layers", 1, "weights_gradient"),
        [row[::-1] for row in DW2],
    ),
    "multiplied_by_the_bias": (("layers", 1, "biases_gradient"), times(D2, B2)),
    "gradient_of_the_bias_one": (("layers", 1, "biases_gradient"), [1, 1]),
    "sum_over_inputs": (("layers", 1, "biases_gradient"), [d * sum(X1) for d in D2]),
    "sum_over_units": (("layers", 1, "biases_gradient"), [sum(D2)] * 2),
    "step_upwards": (("layers", 1, "updated_weights"), shifted(W2, DW2, 0.5)),
    "eta_forgotten": (("layers", 1, "updated_weights"), shifted(W2, DW2, -1)),
    "another_eta": (("layers", 1, "updated_weights"), shifted(W2, DW2, -0.05)),
    "only_the_product": (
        ("layers", 1, "updated_weights"),
        [[0.5 * g for g in row] for row in DW2],
    ),
    "only_the_step": (
        ("layers", 1, "updated_weights"),
        [[-0.5 * g for g in row] for row in DW2],
    ),
    "not_updated": (("layers", 1, "updated_weights"), W2),
    "eta_applied_to_the_parameter": (
        ("layers", 1, "updated_weights"),
        [[0.5 * p for p in row] for row in shifted(W2, DW2, -1)],
    ),
    "sign_lost": (("layers", 0, "s"), [-s for s in S1]),
    "numbers_exchanged": (("layers", 0, "s"), S1[::-1]),
    "point_too_far_right": (("layers", 0, "s"), [10 * s for s in S1]),
    "point_too_far_left": (("layers", 0, "s"), [s / 10 for s in S1]),
    "doubled": (("layers", 0, "s"), [2 * s for s in S1]),
    "halved": (("layers", 0, "s"), [s / 2 for s in S1]),
}
T = [tanh(s) for s in S2]
LEAK = [s if s > 0 else 0.01 * s for s in S2]
POWERS = [exp(s) for s in S2]
P = [power / sum(POWERS) for power in POWERS]
ONE_HOT = [0.0, 1.0]
OTHERS = [
    # (name, last activation, loss, target, place, numbers)
    ("tangent_instead_of_tanh", "tanh", "squared", Y, "x", [tan(s) for s in S2]),
    ("sigmoid_instead_of_other", "tanh", "squared", Y, "x", X2),
    ("slope_of_tanh_taken_at_x", "tanh", "squared", Y, "slope", [1 - tanh(t) ** 2 for t in T]),
    ("slope_squared_only", "tanh", "squared", Y, "slope", [t * t for t in T]),
    ("square_of_tanh_forgotten", "tanh", "squared", Y, "slope", [1 - t for t in T]),
    ("slope_of_sigmoid_instead_of_other", "tanh", "squared", Y, "slope", [t * (1 - t) for t in T]),
    ("relu_instead_of_sigmoid", "sigmoid", "squared", Y, "x", [max(s, 0) for s in S2]),
    ("slope_of_relu_instead_of_sigmoid", "sigmoid", "squared", Y, "slope", [0, 1]),
    ("sigmoid_instead_of_relu", "relu", "squared", Y, "x", X2),
    ("absolute_value_instead_of_relu", "relu", "squared", Y, "x", [abs(s) for s in S2]),
    ("slope_of_relu_inverted", "relu", "squared", Y, "slope", [1, 0]),
    ("slope_of_sigmoid_instead_of_relu", "relu", "squared", Y, "slope", SLOPE2),
    ("relu_instead_of_leaky_relu", "leaky_relu", "squared", Y, "x", [max(s, 0) for s in S2]),
    ("slope_of_relu_instead_of_leaky_relu", "leaky_relu", "squared", Y, "slope", [0, 1]),
    ("softmax_not_normalised", "softmax", "cross_entropy", ONE_HOT, "x", POWERS),
    (
        "softmax_treated_unit_by_unit",
        "softmax",
        "squared",
        Y,
        "delta",
        times(minus(P, Y), [p * (1 - p) for p in P]),
    ),
    (
        "softmax_of_cross_entropy_unit_by_unit",
        "softmax",
        "cross_entropy",
        [0.25, 0.75],
        "delta",
        [-0.25 * (1 - P[0]), -0.75 * (1 - P[1])],
    ),
    (
        "slope_not_cancelled",
        "sigmoid",
        "binary_cross_entropy",
        Y,
        "delta",
        D2,
    ),
    ("decimal_logarithm", "softmax", "cross_entropy", ONE_HOT, "loss", -log10(P[1])),
    (
        "second_logarithm_forgotten",
        "sigmoid",
        "binary_cross_entropy",
        Y,
        "loss",
        -sum(y * log(x) for x, y in zip(X2, Y, strict=True)),
    ),
]


def calculation(last="sigmoid", loss="squared", y=Y, x=X, reduction="mean"):
    network = NeuralNetwork.from_parameters([W1, W2], [B1, B2], ["sigmoid", last])
    rows = np.atleast_2d(x), np.atleast_2d(y)
    return backprop_calculation(network.layers, *rows, LOSSES[loss], reduction, ETA)


PER_SAMPLE = {"s", "x", "x_gradient", "slope", "delta"}


def names_found(calculated, place, numbers):
    """The names that explain the first wrong number, the best one first."""
    array = np.array(numbers, dtype=float)
    array = array[None] if place[-1] in PER_SAMPLE and array.ndim == 1 else array
    report = check(calculated, {place: np.round(array, 8)}, Rounding(8))
    first = report.first_wrong
    assert first is not None
    assert first.place == place
    wrong = [one for one in report.numbers if one.verdict is Verdict.WRONG]
    assert all(one.explanation == first.explanation for one in wrong)
    return [
        [slip.mistake for slip in one.slips] for one in (first.explanation, *first.alternatives)
    ]


def test_the_names_of_the_catalogue_are_those_on_the_list():
    names = [one.name for one in (*MISTAKES, *WRITING)]
    assert names == NAMES.read_text().split()


@pytest.mark.parametrize("name", SIGMOIDS)
def test_numbers_by_a_mistake_get_its_name(name):
    place, numbers = SIGMOIDS[name]
    assert [name] in names_found(calculation(), place, numbers)[:2]


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case[0])
def test_numbers_by_a_mistake_with_another_function_get_its_name(case):
    name, last, loss, y, quantity, numbers = case
    place = ("loss",) if quantity == "loss" else ("layers", 1, quantity)
    assert [name] in names_found(calculation(last, loss, y), place, numbers)[:2]


@pytest.mark.parametrize(
    ("name", "reduction", "share"),
    [("sum_instead_of_mean", "mean", 1.0), ("mean_instead_of_sum", "sum", 1 / 3)],
)
def test_the_mean_and_the_sum_over_samples_are_told_apart(name, reduction, share):
    three = calculation(x=[X, [0.4, -1.2], [2.1, 0.3]], y=[Y] * 3, reduction=reduction)
    x1 = [[sigma(s) for s in weighed(W1, x, B1)] for x in ([0.4, -1.2], [2.1, 0.3])]
    outputs = [X2, *([sigma(s) for s in weighed(W2, x, B2)] for x in x1)]
    losses = [0.5 * sum((p - q) ** 2 for p, q in zip(o, Y, strict=True)) for o in outputs]
    assert names_found(three, ("loss",), share * sum(losses))[0] == [name]
    assert names_found(three, ("loss",), losses[-1])[0] == ["last_sample_only"]


SINE = [0.0, 0.8, 0.9, 0.1, -0.7]
H = 0.5
# λ by forward substitution: second differences over h.
LAMBDAS = [0.0, 1.6, -1.4, -1.8, 0.0]
SYSTEM = {
    "points_counted_as_gaps": (("spacing",), 2.0 / 5),
    "grid_begins_one_further": (("grid",), [0.5, 1.0, 1.5, 2.0, 2.5]),
    "knots_on_the_points": (("knots",), [0.0, 0.5, 1.0, 1.5, 2.0]),
    "earlier_lambdas_forgotten": (("lambdas", 2), 0.9 / H),
    "earlier_lambdas_added": (("lambdas", 2), (0.9 + 2 * H * 1.6) / H),
    "only_the_last_lambda_subtracted": (("lambdas", 3), (0.1 - 2 * H * -1.4) / H),
    "slope_instead_of_its_change": (("lambdas", 2), (0.9 - 0.8) / H),
    "coefficients_counted_from_zero": (("lambdas", 2), (0.9 - H * 1.6) / H),
    "not_divided_by_the_coefficient": (("lambdas", 2), 0.9 - 2 * H * 1.6),
}


@pytest.mark.parametrize("name", SYSTEM)
def test_numbers_by_a_mistake_in_task_7_get_its_name(name):
    place, numbers = SYSTEM[name]
    system = equidistant_calculation((0.0, 2.0), np.array(SINE))
    assert [name] in names_found(system, place, numbers)[:2]


WITHOUT_NUMBERS = {
    # Three classes or one output are needed for these, which the tests below have.
    "label_off_by_one",
    "mean_over_outputs",
    "path_left_out",
    "sum_instead_of_mean",
    "mean_instead_of_sum",
    "last_sample_only",
}


def test_three_classes_and_three_units_above():
    w = [[0.3, -0.7], [0.5, 0.9], [-0.2, 0.4]]
    network = NeuralNetwork.from_parameters([w], [[0.1, 0.2, -0.3]], ["softmax"])
    powers = [exp(s) for s in weighed(w, X, [0.1, 0.2, -0.3])]
    shares = [power / sum(powers) for power in powers]
    rows = np.array([X]), np.array([[1.0, 0.0, 0.0]])
    calculated = backprop_calculation(network.layers, *rows, LOSSES["cross_entropy"], "mean")
    assert names_found(calculated, ("loss",), -log(shares[1]))[0] == ["label_off_by_one"]
    deltas = minus(shares, [1.0, 0.0, 0.0])
    without = [dot(column[:2], deltas[:2]) for column in columns(w)]
    assert names_found(calculated, ("x_gradient",), without)[0] == ["path_left_out"]
    squared = backprop_calculation(network.layers, *rows, LOSSES["squared"], "mean")
    mean = sum(d * d for d in deltas) / 3
    assert names_found(squared, ("loss",), mean)[0] == ["mean_over_outputs"]


def test_every_entry_has_numbers_of_its_own():
    covered = {*SIGMOIDS, *SYSTEM, *WITHOUT_NUMBERS, *(case[0] for case in OTHERS)}
    assert covered == {one.name for one in MISTAKES}
