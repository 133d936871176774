"""The smallest network within a tolerance of every sample of a lookup table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.approximation.minimal.minimality_proof import is_proved
from core.approximation.minimal.smallest_for_samples import (
    nearest_to_samples,
    smallest_within_samples,
    table_of,
)
from core.approximation.polyline.shape_constraints import convex_envelope, keep_shape
from core.errors import InvalidGrid, NotFinite, OutOfDomain, ShapeMismatch

seeds = st.integers(0, 2**32 - 1)
EPS = np.finfo(float).eps


def _walk(seed, size=60):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.uniform(0.1, 1.0, size))
    return x, np.cumsum(generator.standard_normal(size)), generator


@settings(deadline=None, max_examples=40)
@given(seed=seeds, tolerance=st.sampled_from([0.05, 0.5, 3.0]))
def test_every_sample_is_within_its_tolerance_and_fewer_points_are_refuted(seed, tolerance):
    x, y, generator = _walk(seed)
    weights = generator.uniform(0.5, 4.0, len(x))
    found = smallest_within_samples(table_of(x, y, weights), tolerance)
    off = weights * np.abs(np.interp(x, found.grid, found.values) - y)
    assert off.max() <= tolerance + 32 * EPS * np.abs(weights * y).max()
    assert is_proved(found.proof)
    assert found.proof.links == (
        found.overshoot.segments if found.overshoot else len(found.grid) - 1
    )
    assert set(found.proof.x) <= set(x)


@settings(deadline=None, max_examples=25)
@given(seed=seeds, n=st.integers(2, 12))
def test_the_least_error_of_n_points_needs_n_points(seed, n):
    x, y, _ = _walk(seed)
    found = nearest_to_samples(table_of(x, y), n)
    assert len(found.grid) <= n
    assert table_of(x, y).error(found.grid, found.values) <= found.tolerance * (1 + 1e-9) + 1e-14
    fewer = smallest_within_samples(table_of(x, y), 0.999 * found.tolerance)
    assert fewer.proof.links > n - 1


# x = 0, 1, 2 and y = 0, 1, 0: the level line y = 1/2 is 1/2 off everywhere, so two points do for a
# tolerance of 1/2, on the edge; for less, a third is needed.
def test_the_roof_by_hand():
    roof = table_of(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]))
    flat = smallest_within_samples(roof, 0.5)
    assert flat.grid.tolist() == [0.0, 2.0]
    assert flat.values.tolist() == [0.5, 0.5]
    assert len(smallest_within_samples(roof, 0.49).grid) == 3
    assert nearest_to_samples(roof, 2).tolerance == pytest.approx(0.5, rel=1e-8)


def test_repeated_measurements_are_intervals():
    x, y = np.array([0.0, 0.0, 1.0, 1.0, 2.0]), np.array([0.0, 1.0, 3.0, 2.0, 1.0])
    found = smallest_within_samples(table_of(x, y), 0.75)
    assert table_of(x, y).error(found.grid, found.values) <= 0.75
    with pytest.raises(
        OutOfDomain, match=r"within 0\.4 of all measurements at x = 0\.0"
    ) as refused:
        smallest_within_samples(table_of(x, y), 0.4)
    assert refused.value.place == ("samples", "y", 0)


@settings(deadline=None)
@given(seed=seeds, sign=st.sampled_from([-1.0, 1.0]), tolerance=st.sampled_from([0.1, 1.0]))
def test_weighted_monotone_and_convex_data_stay_so(seed, sign, tolerance):
    x, _, generator = _walk(seed, 40)
    weights = generator.uniform(0.2, 5.0, len(x))
    rising = sign * np.cumsum(generator.exponential(size=len(x)))
    found = smallest_within_samples(table_of(x, rising, weights), tolerance)
    assert (sign * np.diff(found.values) >= -1e-9).all()
    slopes = sign * np.cumsum(generator.exponential(size=len(x)))
    bent = np.cumsum((slopes - slopes[20]) * np.diff(x, prepend=x[0]))
    found = smallest_within_samples(table_of(x, bent, weights), tolerance)
    steps = np.diff(found.values) / np.diff(found.grid)
    assert (sign * np.diff(steps) >= -1e-9 * (1.0 + np.abs(steps).max())).all()


@given(seed=seeds)
def test_shaping_takes_nothing_away_from_the_data(seed):
    x, y, generator = _walk(seed, 30)
    room = generator.uniform(0.1, 2.0, len(x))
    for data in (np.sort(y), np.sort(y)[::-1], y):
        lower, upper = keep_shape(x, data, data - room, data + room)
        assert (lower <= data).all()
        assert (data <= upper).all()
    envelope = convex_envelope(x, y)
    assert (envelope <= y + 1e-12).all()
    assert (np.diff(np.diff(envelope) / np.diff(x)) >= -1e-9).all()
    assert envelope[0] == y[0]
    assert envelope[-1] == y[-1]


@pytest.mark.parametrize(
    ("x", "y", "weights", "error", "place"),
    [
        ([0.0, 1.0], [1.0], None, ShapeMismatch, ("samples", "y")),
        ([0.0, 1.0], [1.0, 2.0], [1.0], ShapeMismatch, ("samples", "weights")),
        ([], [], None, InvalidGrid, ("samples", "x")),
        ([0.0, 1.0], [1.0, np.inf], None, NotFinite, ("samples", "y")),
        ([0.0, 1.0], [1.0, 2.0], [1.0, 0.0], OutOfDomain, ("samples", "weights", 1)),
    ],
)
def test_what_is_no_table_is_refused_at_its_place(x, y, weights, error, place):
    with pytest.raises(error) as refused:
        table_of(np.array(x), np.array(y), None if weights is None else np.array(weights))
    assert refused.value.place == place


def test_a_tolerance_of_nothing_is_refused():
    with pytest.raises(OutOfDomain, match="not above 0"):
        smallest_within_samples(table_of(np.array([0.0, 1.0]), np.zeros(2)), 0.0)
    with pytest.raises(InvalidGrid, match="n = 1"):
        nearest_to_samples(table_of(np.array([0.0, 1.0]), np.zeros(2)), 1)


@settings(deadline=None, max_examples=40)
@given(seed=seeds, tolerance=st.sampled_from([0.0, 0.3]))
def test_every_interval_is_passed_and_fewer_points_are_refuted(seed, tolerance):
    x, y, generator = _walk(seed)
    low, high = y - generator.uniform(0.01, 2.0, len(x)), y + generator.uniform(0.01, 2.0, len(x))
    found = smallest_within_samples(table_of(x, np.stack([low, high], axis=1)), tolerance)
    output = np.interp(x, found.grid, found.values)
    assert (output >= low - tolerance - 1e-12).all()
    assert (output <= high + tolerance + 1e-12).all()
    assert is_proved(found.proof)
    assert found.proof.links == len(found.grid) - 1


def test_intervals_turned_around_or_of_three_ends_are_refused():
    x = np.array([0.0, 1.0])
    with pytest.raises(OutOfDomain, match=r"interval 1 begins at 2\.0, above its end 1\.0") as no:
        table_of(x, np.array([[0.0, 1.0], [2.0, 1.0]]))
    assert no.value.place == ("samples", "y", 1)
    with pytest.raises(ShapeMismatch, match="rows of 3"):
        table_of(x, np.zeros((2, 3)))


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_the_search_ends_for_tables_of_any_size(size):
    x = np.arange(8.0)
    found = nearest_to_samples(table_of(x, size * np.array([0, 1, 0, 1, 0, 1, 0, 1.0])), 3)
    assert found.tolerance == pytest.approx(0.5 * size, rel=0.2)


def hull_at(x, y, tolerance, at):
    """Return the hull of the bands of the samples around, widened by the tolerance."""
    i = min(int(np.searchsorted(x, at, side="right")) - 1, len(x) - 2)
    return min(y[i : i + 2]) - 2 * tolerance, max(y[i : i + 2]) + 2 * tolerance


@settings(deadline=None, max_examples=60)
@given(seed=seeds, tolerance=st.sampled_from([0.05, 0.5, 3.0]))
def test_between_samples_the_network_stays_near_them_or_says_in_which_gap_it_does_not(
    seed, tolerance
):
    x, y, _ = _walk(seed, 25)
    found = smallest_within_samples(table_of(x, y), tolerance)
    excess = 0.0
    for at, height in zip(found.grid, found.values, strict=True):
        floor, ceiling = hull_at(x, y, tolerance, at)
        excess = max(excess, floor - height, height - ceiling)
    links = len(found.grid) - 1
    if found.overshoot is None:
        assert excess <= 1e-11 * np.abs(y).max()
        assert links == (found.proof.links if found.proof else 1)
    elif found.overshoot.excess == 0.0:
        assert excess <= 1e-11 * np.abs(y).max()
        assert links > found.proof.links == found.overshoot.segments
    else:
        assert links == found.proof.links
        assert excess == pytest.approx(found.overshoot.excess)
        assert excess <= 0.2501 * (np.ptp(y) + 2 * tolerance)
        left, right = found.overshoot.interval
        assert right == x[np.searchsorted(x, left) + 1]


# MathWorks, "Getting Started with Lookup Tables": steps written as neighbouring points.
@pytest.mark.parametrize("width", [0.1, 1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("tolerance", [0.5, 2.0])
def test_beside_a_jump_the_network_does_not_shoot_out_of_the_table(width, tolerance):
    x = np.array([0, 3 - width, 3, 3 + width, 5 - width, 5, 7])
    y = np.array([0.0, 9, 19, 29, 45, 35, 79])
    found = smallest_within_samples(table_of(x, y), tolerance)
    assert found.overshoot.excess == 0.0
    assert found.overshoot.segments == 4
    assert found.overshoot.interval == (3 + width, 5 - width)
    assert -2 * tolerance <= found.values.min() <= found.values.max() <= 79 + 2 * tolerance


def test_samples_come_in_any_order_and_are_refused_where_they_stood():
    x, y = np.array([2.0, 0.0, 1.0, 0.0]), np.array([4.0, 0.0, 1.0, 0.0])
    table = table_of(x, y)
    assert table.x.tolist() == [0.0, 0.0, 1.0, 2.0]
    assert table.without_repeats().low.tolist() == [0.0, 1.0, 4.0]
    with pytest.raises(InvalidGrid, match=r"tolerance of at least 2\b") as refused:
        table_of(x, np.array([4.0, 0.0, 1.0, 4.0])).without_repeats()
    assert refused.value.place == ("samples", "x", 3)
    with pytest.raises(OutOfDomain) as closed:
        table_of(x, np.array([4.0, 0.0, 1.0, 4.0])).gates(1.0)
    assert closed.value.place == ("samples", "y", 1)
