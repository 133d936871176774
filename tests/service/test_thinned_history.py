"""Thinning a history: the same points as one stretch at a time, also where it is long."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.results.history import thinned


def one_by_one(curve, points):
    """The definition: of each of equally long stretches the smallest and the largest number."""
    if len(curve) <= points:
        return np.arange(len(curve))
    kept = [0, len(curve) - 1]
    for stretch in np.array_split(np.arange(1, len(curve) - 1), (points - 2) // 2):
        values = curve[stretch]
        if not np.isnan(values).all():
            kept += [int(stretch[np.nanargmin(values)]), int(stretch[np.nanargmax(values)])]
    return np.unique(kept)


CURVES = st.lists(st.sampled_from([np.nan, 0.0, 1.0, 2.5, -1.0, 1e308]), min_size=1, max_size=200)


@given(CURVES, st.integers(4, 60))
def test_thinning_keeps_what_its_definition_keeps(values, points):
    curve = np.array(values)
    np.testing.assert_array_equal(thinned(curve, points), one_by_one(curve, points))


def test_a_history_of_ten_million_iterations_is_thinned_without_a_loop_over_its_points():
    curve = np.sin(np.arange(10_000_000) / 1000.0)
    kept = thinned(curve, 1_000_000)
    assert 500_000 < len(kept) <= 1_000_000
    assert curve[kept].max() == curve.max()
