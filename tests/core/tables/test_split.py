"""Rows for training, validation and test: all of them, once each, as many as was asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import OutOfDomain
from core.tables.split import Fold, split_rows, split_sizes

SHARES = st.sampled_from([0.0, 0.1, 0.25])


@given(st.integers(20, 90), st.integers(0, 99), SHARES, SHARES)
def test_every_row_is_in_one_part(samples, seed, validation, test):
    parts = split_rows(samples, seed, validation, test)
    together = np.concatenate([parts.training, parts.validation, parts.test])
    assert sorted(together.tolist()) == list(range(samples))
    expected = round(validation * samples), round(test * samples)
    assert (len(parts.validation), len(parts.test)) == expected
    sizes = split_sizes(samples, validation, test)
    assert sizes == (len(parts.training), *expected)
    for part in (parts.training, parts.validation, parts.test):
        assert (np.diff(part) > 0).all()


@given(st.integers(20, 90), st.integers(0, 99), st.integers(2, 7), SHARES, SHARES)
def test_every_row_outside_the_test_is_held_out_by_one_fold(samples, seed, count, validation, test):
    kept = split_rows(samples, seed, validation, test).test
    held_out = []
    for number in range(count):
        fold = Fold(number, count)
        parts = split_rows(samples, seed, validation, test, fold)
        together = np.concatenate([parts.training, parts.validation, parts.test])
        assert len(set(together.tolist())) == len(together) == samples - len(kept)
        assert not set(together.tolist()) & set(kept.tolist())
        assert fold.size(samples - len(kept)) == len(parts.test)
        assert len(parts.validation) == round(validation * (len(together) - len(parts.test)))
        held_out += parts.test.tolist()
    assert sorted(held_out) == sorted(set(range(samples)) - set(kept.tolist()))
    sizes = [len(range(number, samples - len(kept), count)) for number in range(count)]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("samples", "validation", "test", "fold", "place"),
    [
        (4, 0.1, 0.0, None, "validation_fraction"),
        (4, 0.0, 0.1, None, "test_fraction"),
        (4, 0.5, 0.5, None, "validation_fraction"),
        (3, 0.0, 0.0, Fold(4, 5), "folds"),
    ],
)
def test_a_part_without_rows_is_refused(samples, validation, test, fold, place):
    with pytest.raises(OutOfDomain) as refused:
        split_sizes(samples, validation, test, fold)
    assert refused.value.place == (place,)
