"""A right computation, rounded as agreed, is never marked wrong."""

from decimal import localcontext
from itertools import product

import numpy as np
import pytest
from hand_questions import HIDDEN, PAIRS, hand_question
from pen_and_paper import PenAndPaper

from core.errors import NotFinite
from core.neural_network import NeuralNetwork
from core.nn.losses import BINARY_CROSS_ENTROPY, SQUARED
from core.solutions.calculation.evaluation import compute, work_out
from core.solutions.calculation.functions import each
from core.solutions.calculation.network import backprop_calculation
from core.solutions.calculation.relu_system import equidistant_calculation
from core.solutions.checking.check import check
from core.solutions.checking.verdict import Verdict
from core.solutions.rounding import EXACT, Rounding, as_floats

DIGITS = range(1, 7)
KINDS = ("decimals", "significant_digits")
MODES = ("display", "each_step")
SAMPLES = 12
# 6 numbers of digits × 2 kinds × 2 ways to round × 7 networks × 12 samples.
CASES = list(product(DIGITS, KINDS, MODES, range(7)))


def test_there_are_two_thousand_cases():
    # Ten thousand, and of more styles, are `make exercises-bars`.
    assert len(CASES) * SAMPLES >= 2_000


def calculation_of(asked, eta=0.1):
    return backprop_calculation(asked.layers, asked.x, asked.y, asked.loss, eta=eta)


def handed_in(worked):
    return {q.place: as_floats(worked.printed[q.place]) for q in worked.calculation.quantities}


def wrong(report):
    return [
        (one.place, one.index, one.verdict, one.value, one.allowed)
        for one in report.numbers
        if one.verdict not in (Verdict.CORRECT, Verdict.MISSING)
    ]


def thinned(answers, generator, share=0.5):
    """A part of the numbers, whole quantities and single ones missing."""
    kept = {p: n.copy() for p, n in answers.items() if generator.random() < share}
    for numbers in kept.values():
        numbers[generator.random(numbers.shape) < 0.1] = np.nan
    return kept


def computable(seed, hidden, last, loss, rounding):
    """The first of a few networks with which so few digits do not lead to ln 0."""
    for number in range(seed, seed + 500, 100):
        asked = hand_question(number, (2, 3, 2), hidden, last, loss, SAMPLES)
        try:
            return work_out(calculation_of(asked), rounding)
        except NotFinite:
            continue
    raise AssertionError("no network can be computed with so few digits")


@pytest.mark.parametrize(("digits", "kind", "mode", "seed"), CASES)
def test_honest_rounding_is_never_called_wrong(digits, kind, mode, seed):
    loss, last = PAIRS[(digits + seed) % len(PAIRS)]
    hidden = HIDDEN[(digits + 2 * seed) % len(HIDDEN)]
    rounding = Rounding(digits, kind, mode)
    worked = computable(seed, hidden, last, loss, rounding)
    answers = handed_in(worked)
    assert wrong(check(worked.calculation, answers, rounding)) == []
    generator = np.random.default_rng(seed)
    assert wrong(check(worked.calculation, thinned(answers, generator), rounding)) == []


@pytest.mark.parametrize(("digits", "kind"), list(product(DIGITS, KINDS)))
@pytest.mark.parametrize("seed", range(8))
def test_rounding_every_single_product_is_honest_too(digits, kind, seed):
    asked = hand_question(seed, (3, 3, 2))
    rounding = Rounding(digits, kind, "each_step")
    sheet = PenAndPaper(rounding).sheet(asked.layers, asked.x[0], asked.y[0])
    per_sample = {"s", "x", "x_gradient", "slope", "delta"}
    answers = {p: n[None] if p[-1] in per_sample else n for p, n in sheet.items()}
    assert wrong(check(calculation_of(asked, eta=None), answers, rounding)) == []


@pytest.mark.parametrize(("digits", "kind"), list(product(DIGITS, KINDS)))
@pytest.mark.parametrize("seed", range(8))
def test_carrying_more_digits_here_and_there_is_honest_too(digits, kind, seed):
    asked = hand_question(seed, (2, 3, 2), "tanh", "sigmoid")
    rounding, generator = Rounding(digits, kind, "each_step"), np.random.default_rng(seed)
    calculation = calculation_of(asked)
    carried, written = dict(calculation.given), {}
    with localcontext(EXACT):
        for quantity in calculation.quantities:
            numbers = compute(quantity, carried)
            on_paper = each(rounding.rounded, numbers)
            written[quantity.place] = as_floats(on_paper)
            carried[quantity.place] = on_paper if generator.random() < 0.5 else numbers
    assert wrong(check(calculation, written, rounding)) == []


@pytest.mark.parametrize(("digits", "mode"), list(product(range(2, 7), MODES)))
@pytest.mark.parametrize("n", [2, 5, 12])
def test_an_honest_relu_system_is_never_called_wrong(digits, mode, n):
    values = np.sin(np.linspace(0.0, 3.0, n))
    rounding = Rounding(digits, mode=mode)
    worked = work_out(equidistant_calculation((0.0, 3.0), values), rounding)
    assert wrong(check(worked.calculation, handed_in(worked), rounding)) == []


def calculation_by(layers, x, y, loss):
    """A calculation of (weights, biases, activation) layer by layer."""
    network = NeuralNetwork.from_parameters(
        *([np.array(one) for one in column] for column in list(zip(*layers, strict=True))[:2]),
        [activation for *_, activation in layers],
    )
    return backprop_calculation(network.layers, np.array(x), np.array(y), loss)


def test_two_decimals_among_three_make_a_zero_no_mistake():
    layers = [
        ([[0.5, -0.4, -0.4]], [0.4], "leaky_relu"),
        ([[-0.5], [0.7]], [-0.2, 0.6], "leaky_relu"),
        ([[-0.1, -0.4], [0.1, -0.9]], [-0.1, -0.6], "leaky_relu"),
    ]
    x, y = [[-0.9, -1.1, 1.5], [-0.3, 0.4, -1.8]], [[0.0, 1.0], [1.0, 0.0]]
    # s is exact with two decimals; of 0.5085 and -0.0021 two were written, of the others three.
    answers = {
        ("layers", 0, "s"): np.array([[-0.21], [0.81]]),
        ("layers", 0, "x"): np.array([[0.0], [0.81]]),
        ("losses",): np.array([0.511, 0.506]),
        ("loss",): np.array(0.51),
    }
    report = check(calculation_by(layers, x, y, SQUARED), answers, Rounding(3))
    assert report.count(Verdict.WRONG) == 0
    # Beside numbers with all their digits, the same zero is that of ReLU.
    full = answers | {("loss",): np.array(0.509)}
    (first,) = check(calculation_by(layers, x, y, SQUARED), full, Rounding(3)).first_wrong.slips
    assert first.mistake == "relu_instead_of_leaky_relu"


def test_what_follows_from_a_softmax_near_1_is_judged_where_no_interval_is():
    # Cut to two digits the softmax is 0.99 to 1: that it was not 1 is known from its logarithm.
    layers = [([[1.0], [-1.0]], [1.3, -1.8], "softmax")]
    x, y = [[1.0]], [[0.0, 1.0]]
    calculation = calculation_by(layers, x, y, BINARY_CROSS_ENTROPY)
    cut = Rounding(2, "significant_digits", "each_step", "cut")
    carried = dict(calculation.given)
    with localcontext(EXACT):
        for quantity in calculation.quantities:
            carried[quantity.place] = each(cut.carried, compute(quantity, carried))
    seen = [("layers", 0, "s"), ("loss",), ("layers", 0, "delta")]
    answers = {place: as_floats(carried[place]) for place in seen}
    declared = Rounding(2, "significant_digits", "each_step")
    assert wrong(check(calculation, answers, declared)) == []
    answers["layers", 0, "delta"] *= -1.0
    assert check(calculation, answers, declared).first_wrong.place == ("layers", 0, "delta")


def test_a_zero_for_a_number_beyond_every_page_is_no_mistake():
    # Of the first sample softplus is 5.5e-42, of the second ReLU is dead: its part is exactly 0.
    layers = [([[1.0]], [0.0], "softplus"), ([[-1.0]], [0.5], "relu")]
    calculation = calculation_by(layers, [[-95.0], [0.0]], [[1.0], [0.0]], SQUARED)
    rounding = Rounding(3, "significant_digits")
    answers = handed_in(work_out(calculation, rounding))
    answers["layers", 1, "weights_gradient"] = np.array([[0.0]])
    assert check(calculation, answers, rounding).count(Verdict.WRONG) == 0


def test_a_zero_for_a_sum_that_cancels_is_not_wrong():
    # The softmax's δ sum to 0 and meet equal weights; of exact sums 1e-41 is left.
    network = NeuralNetwork.from_parameters(
        ([[0.1], [0.0]], [[0.0, -0.5], [-0.8, 0.3]], [[0.2, -0.6], [-0.5, -0.6], [-0.6, -0.6]]),
        ([0.9, 0.1], [0.4, -0.6], [0.5, -0.4, -0.6]),
        ("softplus", "softplus", "softmax"),
    )
    calculation = backprop_calculation(
        network.layers, np.array([[0.2]]), np.array([[1.0, 0.0, 0.0]]), BINARY_CROSS_ENTROPY
    )
    answers = {
        ("layers", 2, "x_gradient"): [[-1.4, 1.2, 1.2]],
        ("layers", 1, "slope"): [[0.51, 0.2]],
        ("layers", 1, "delta"): [[-0.21, 0.0]],
        ("layers", 0, "x_gradient"): [[0.0, 0.1]],
    }
    handed = {place: np.array(numbers) for place, numbers in answers.items()}
    report = check(calculation, handed, Rounding(2, "significant_digits"))
    assert report.count(Verdict.WRONG) == 0
