"""On which side of f a network is, and by how much it leaves the tolerance."""

from itertools import product

import pytest

from core.approximation.formula.formula import parse
from core.approximation.polyline.target import FormulaTarget

TOLERANCE = 0.25
LEAST, MOST = {"both": -1, "below": -1, "above": 0}, {"both": 1, "below": 0, "above": 1}
"""How far below and above f a network may be, in tolerances."""


@pytest.mark.parametrize(
    ("side", "relative", "f"), list(product(LEAST, [False, True], [2.0, -2.0]))
)
def test_a_network_is_judged_by_the_side_and_the_weight_asked_for(side, relative, f):
    target = FormulaTarget(parse(f"{f} + 0*x"), (0.0, 1.0), side, relative)
    weight = abs(f) if relative else 1.0
    for off in (-0.75, -0.25, -0.125, 0.0, 0.125, 0.25, 0.75):
        nn = f + off * weight
        deviation = (f - nn) / (f if relative else 1.0)
        beyond = max(off - MOST[side] * TOLERANCE, LEAST[side] * TOLERANCE - off)
        assert target.excess(TOLERANCE, deviation, deviation) == pytest.approx(beyond)
        wrong = {"both": 0.0, "below": off, "above": -off}[side]
        assert target.wrong_side(deviation, deviation) == pytest.approx(wrong)


@pytest.mark.parametrize(
    ("side", "low", "high"), [("both", 1, 1), ("below", 1, 0), ("above", 0, 1)]
)
def test_the_worst_end_of_a_range_counts(side, low, high):
    target = FormulaTarget(parse("x"), (1.0, 2.0), side)
    # f - NN from -0.5 to 0.75: up to 0.5 above f and up to 0.75 below.
    assert target.excess(TOLERANCE, -0.5, 0.75) == max(0.5 - high / 4, 0.75 - low / 4)
    assert target.wrong_side(-0.5, 0.75) == {"both": 0.0, "below": 0.5, "above": 0.75}[side]


def test_an_inset_narrows_the_tolerance_on_both_ends():
    for side, (low, high) in {"both": (-1.0, 1.0), "below": (-1.0, 0.0)}.items():
        target = FormulaTarget(parse("x"), (1.0, 2.0), side)
        assert target.allowed_deviation(2.0) == (2 * low, 2 * high)
        width = 2 * (high - low)
        inset = (2 * low + 0.1 * width, 2 * high - 0.1 * width)
        assert target.allowed_deviation(2.0, 0.1) == pytest.approx(inset)
