"""Poles, holes and what cannot be decided are located before any work is done."""

import pytest

from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.formula.formula import parse
from core.errors import NotFinite


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("sin(x)", 0.0, 10.0),
        ("sqrt(x)", 0.0, 1.0),
        ("sqrt(1 - x^2)", -1.0, 1.0),
        ("cbrt(x) + abs(x) + floor(x)", -1.0, 1.0),
        ("x^(1/3)", 0.0, 1.0),
    ],
)
def test_a_function_that_is_defined_everywhere_has_no_gap(text, a, b):
    assert find_singularities(parse(text), (a, b)) == ()


@pytest.mark.parametrize(
    ("text", "a", "b", "sentence"),
    [
        ("1/x", -1.0, 1.0, r"f\(x\) = inf at x = 0\.0"),
        ("1/x", -1.0, 1.3, r"pole near x = .*e-19"),
        ("1/(x^2 - 2)", 0.0, 2.0, r"pole near x = 1\.41421356"),
        ("sqrt(abs(x - 0.31) - 0.02)", -1.0, 1.0, r"nan at x = 0\.29"),
        ("sqrt(x)", -1.0, 1.0, r"not defined between x = -1\.0"),
        ("log(x)", 0.0, 1.0, r"-inf at x = 0\.0"),
    ],
)
def test_poles_and_holes_are_refused_where_they_are(text, a, b, sentence):
    with pytest.raises(NotFinite, match=sentence) as refused:
        find_singularities(parse(text), (a, b))
    assert refused.value.place == ("function",)


def test_what_cannot_be_decided_is_a_gap_around_the_point():
    (gap,) = find_singularities(parse("sin(x)/x"), (-1.0, 1.3))
    assert gap.left <= 0.0 <= gap.right
    assert gap.right - gap.left < 1e-15
    assert "undefined or unbounded" in gap.reason
