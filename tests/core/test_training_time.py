"""The estimated time of a training grows with each thing that takes time."""

from dataclasses import replace

import pytest

from core.training.compiled.arithmetic import LANES, NUMPY
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam
from core.training.updates.lbfgs import LBFGS
from core.training_time import LINE_SEARCH_EVALUATIONS, SECONDS, processor_time, work_of

PLAIN = TrainingConfig((2, 16, 1), ("relu", "identity"), iterations=1000)
MORE = {
    "iterations": {"iterations": 2000},
    "a wider layer": {"sizes": (2, 64, 1)},
    "another layer": {"sizes": (2, 16, 16, 1), "activations": ("relu", "relu", "identity")},
    "exponentials": {"activations": ("tanh", "identity")},
    "moments": {"optimizer": Adam()},
    "validation": {"early_stopping": EarlyStopping()},
    "line searches": {"optimizer": LBFGS()},
}


@pytest.mark.parametrize("arithmetic", [NUMPY, LANES])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_whatever_is_more_work_takes_longer(arithmetic, precision):
    config = replace(PLAIN, arithmetic=arithmetic, precision=precision)
    base = sum(processor_time(config, 200))
    assert sum(processor_time(config, 400)) > base
    for name, change in MORE.items():
        assert sum(processor_time(replace(config, **change), 200)) > base, name


def test_an_epoch_costs_less_in_one_batch_than_in_many():
    for arithmetic in (NUMPY, LANES):
        whole = replace(PLAIN, arithmetic=arithmetic, iterations=10)
        cut = replace(whole, iterations=100, batch_size=20)
        assert sum(processor_time(whole, 200)) < sum(processor_time(cut, 200))
        assert work_of(cut, 200).orders == pytest.approx(10)


def test_products_are_those_of_the_three_passes():
    # A sample multiplies with 3 · 3 and 1 · 4 parameters forward, as often for their gradients,
    # and with the 4 of the last layer for the gradient of what goes into it.
    config = TrainingConfig((2, 3, 1), ("relu", "identity"), iterations=5, arithmetic=NUMPY)
    assert work_of(config, 10).products == 5 * 10 * (13 + 13 + 4)
    watched = replace(config, early_stopping=EarlyStopping())
    assert work_of(watched, 10).products == 5 * 10 * (13 + 13 + 4 + 13)
    cut = replace(config, batch_size=2)
    assert work_of(cut, 10).products == 5 * 2 * (13 + 13 + 4)
    assert work_of(cut, 10).gathered == 10 * (2 + 1 + 1)
    searched = replace(config, optimizer=LBFGS())
    assert work_of(searched, 10).products == LINE_SEARCH_EVALUATIONS * work_of(config, 10).products


def test_every_arithmetic_and_precision_has_rates():
    assert set(SECONDS) == {(a, p) for a in (NUMPY, LANES) for p in ("float64", "float32")}
    assert all(0.0 <= rate < 5e-3 for rates in SECONDS.values() for rate in rates)


def test_the_kernels_are_estimated_to_be_faster_where_they_are_used():
    for samples in (1, 200, 5000):
        lanes = sum(processor_time(replace(PLAIN, arithmetic=LANES), samples))
        assert lanes < sum(processor_time(PLAIN, samples))
