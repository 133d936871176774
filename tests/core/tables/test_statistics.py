"""What is said of a column is what its values are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.column import Column
from core.tables.statistics import HISTOGRAM_BINS, column_statistics

NUMBER = Column("x", "number")


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60, unique=True))
def test_a_number_column_has_its_range_its_mean_and_twenty_bins(numbers):
    values = np.array([*numbers, np.nan, numbers[0]])
    found = column_statistics(NUMBER, values)
    assert (found.missing, found.distinct) == (1, len(numbers))
    assert (found.least, found.largest) == (min(numbers), max(numbers))
    assert found.mean == pytest.approx(np.nanmean(values), rel=1e-12, abs=1e-9)
    assert found.counts.sum() == len(numbers) + 1
    if found.largest - found.least > 1e-6:
        assert len(found.counts) == HISTOGRAM_BINS
        counts, edges = np.histogram(values[~np.isnan(values)], HISTOGRAM_BINS)
        np.testing.assert_allclose(found.edges, edges, rtol=1e-9, atol=1e-9)
        assert np.abs(np.cumsum(found.counts) - np.cumsum(counts)).max() <= len(numbers) / 10 + 1


def test_bins_are_equally_wide_and_hold_their_values():
    found = column_statistics(NUMBER, np.arange(40.0))
    np.testing.assert_allclose(np.diff(found.edges), 39.0 / 20)
    assert found.counts.tolist() == [2] * 20


@pytest.mark.parametrize("value", [0.0, -3.5, 1e300])
def test_a_column_of_one_value_has_one_bin(value):
    found = column_statistics(NUMBER, np.full(7, value))
    assert (found.distinct, found.least, found.largest) == (1, value, value)
    assert found.mean == pytest.approx(value)
    assert found.counts.tolist() == [7]
    assert len(found.edges) == 2


def test_the_largest_floats_have_a_mean_and_bins():
    largest = np.finfo(float).max
    found = column_statistics(NUMBER, np.array([-largest, largest, largest]))
    assert found.mean == pytest.approx(largest / 3)
    assert np.isfinite(found.edges).all()
    assert (found.counts[0], found.counts[-1]) == (1, 2)


def test_neighbouring_floats_have_one_bin():
    found = column_statistics(NUMBER, np.array([1.0, np.nextafter(1.0, 2.0)]))
    assert found.distinct == 2
    assert found.counts.tolist() == [2]


def test_a_column_without_values_says_so():
    found = column_statistics(NUMBER, np.full(3, np.nan))
    assert (found.missing, found.distinct, found.least, found.mean) == (3, 0, None, None)
    assert len(found.counts) == len(found.edges) == 0


def test_categories_and_booleans_are_counted_in_their_order():
    colours = Column("colour", "category", ("blue", "green", "red"))
    found = column_statistics(colours, np.array([2.0, 0.0, 2.0, np.nan]))
    assert found.counts.tolist() == [1, 0, 2]
    assert (found.missing, found.distinct, found.least) == (1, 2, None)
    yes = column_statistics(Column("yes", "boolean"), np.array([0.0, 0.0]))
    assert yes.counts.tolist() == [2, 0]
