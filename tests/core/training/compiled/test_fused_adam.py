"""Adam's single pass has the bits of the ten NumPy calls."""

import numpy as np
import pytest

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from core.training import optimizers
from core.training.compiled import cache

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def steps(dtype, count=20, parameters=1003):
    """Parameters and moments after some steps on random gradients."""
    generator = np.random.default_rng(3)
    w = generator.normal(size=parameters).astype(dtype)
    g, moments = np.empty_like(w), np.zeros((2, parameters), dtype)
    step = optimizers.Adam(eta=0.01).bind(w, g, moments)
    for iteration in range(1, count + 1):
        g[...] = generator.normal(size=parameters) * 10.0 ** generator.integers(-30, 3, parameters)
        step(iteration)
    return w, moments


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_fused_step_has_the_same_bits(dtype, monkeypatch):
    plain = steps(dtype)
    monkeypatch.setattr(optimizers, "MIN_FUSED_PARAMETERS", 0)
    assert cache.is_ready()
    fused = steps(dtype)
    for one, other in zip(plain, fused, strict=True):
        np.testing.assert_array_equal(one, other)
