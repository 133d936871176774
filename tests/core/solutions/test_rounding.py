"""Numbers on paper: rounded as by hand, written as on the sheet."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import OutOfDomain
from core.solutions.rounding import MAX_DIGITS, Rounding, as_decimals, as_floats, plain

NUMBERS = st.decimals(-(10**6), 10**6, places=14).filter(bool)
DIGITS = st.integers(1, MAX_DIGITS)


def on_paper(number, digits, kind="decimals"):
    return plain(Rounding(digits, kind).rounded(Decimal(number)))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.125", "0.13"),
        ("-0.125", "-0.13"),
        ("0.9002", "0.90"),
        ("-0.0004", "0.00"),
        ("0.0004", "0.00"),
        ("2.2", "2.2"),
        ("2.20", "2.2"),
        ("-0.0", "0"),
        ("100", "100"),
        ("0.995", "1.00"),
    ],
)
def test_numbers_look_as_on_the_sheet(number, written):
    assert on_paper(number, 2) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.0475021", "0.048"),
        ("9.97", "10"),
        ("0.996", "1.0"),
        ("123456", "120000"),
        ("1234567890123", "1.2e12"),
        ("0.00000012345", "1.2e-7"),
        ("-0.05", "-0.05"),
    ],
)
def test_significant_digits_begin_with_the_first_that_is_not_zero(number, written):
    assert on_paper(number, 2, "significant_digits") == written


@given(NUMBERS, DIGITS)
def test_decimals_are_those_of_the_decimal_module_rounding_half_up(number, digits):
    with localcontext(prec=60):
        expected = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        assert Rounding(digits).rounded(number) == expected


@given(NUMBERS, DIGITS, st.sampled_from(["decimals", "significant_digits"]))
def test_rounding_moves_a_number_by_half_a_unit_at_most_and_does_it_once(number, digits, kind):
    rounding = Rounding(digits, kind)
    rounded = rounding.rounded(number)
    half = rounding.half_unit(np.asarray(abs(float(number)))).item()
    assert abs(float(rounded) - float(number)) <= half * (1 + 1e-6)
    assert rounding.rounded(rounded) == rounded


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_becomes_the_decimal_one_would_write_and_comes_back(number):
    assert as_floats(as_decimals(np.array([number])))[0] == number


def test_a_single_precision_number_becomes_its_own_shortest_decimal():
    assert plain(as_decimals(np.array([0.1], np.float32))[0]) == "0.1"


@pytest.mark.parametrize(
    ("digits", "kind"), [(-1, "decimals"), (0, "significant_digits"), (11, "decimals")]
)
def test_digits_that_no_page_holds_are_refused_with_their_number(digits, kind):
    with pytest.raises(OutOfDomain, match=str(digits)) as refused:
        Rounding(digits, kind)
    assert refused.value.place == (kind,)


@given(
    number=st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e308, -5e-324]),
    digits=DIGITS,
    kind=st.sampled_from(["decimals", "significant_digits"]),
    style=st.sampled_from(["rounded", "guarded", "cut"]),
)
def test_a_number_of_any_size_is_carried_within_a_unit_of_its_last_digit(
    number, digits, kind, style
):
    exact = as_decimals(np.array([number]))[0]
    rounding = Rounding(digits, kind, "each_step", style)
    carried = rounding.carried(exact)
    assert carried.is_finite()
    with localcontext(prec=1000):
        assert abs(carried - exact) <= Decimal(1).scaleb(rounding.last_place(exact))
