"""Elementary functions of complex arguments, against mpmath with 50 digits."""

import mpmath
import numpy as np
import pytest

from core.nn.elementary import functions

REFERENCES = {
    "log1p": mpmath.log1p,
    "sigmoid": lambda s: 1 / (1 + mpmath.exp(-s)),
    "softplus": lambda s: mpmath.log1p(mpmath.exp(s)),
}
LARGEST_REAL_PART = {"log1p": 3.0, "sigmoid": 40.0, "softplus": 40.0}
TOLERANCE = 4e-16


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("imaginary", [1e-30, 1e-9, 1e-3])
def test_both_parts_keep_their_digits_in_the_complex_plane(name, imaginary):
    # mpmath and these functions agree on the branch of the logarithm: 1 + u stays above 0.
    largest = LARGEST_REAL_PART[name]
    lowest = -0.999 if name == "log1p" else -largest
    u = np.concatenate([np.linspace(lowest, largest, 41), [-0.6, -0.5, -0.4, 0.0, 1e-12]])
    found = getattr(functions, name)(u + 1j * imaginary)
    with mpmath.workdps(50):
        for z, number in zip(u, found, strict=True):
            exact = REFERENCES[name](mpmath.mpc(float(z), imaginary))
            assert abs(number.imag - exact.imag) <= 4 * TOLERANCE * abs(exact.imag)
            assert abs(number.real - exact.real) <= 4 * TOLERANCE * abs(exact)


def test_near_minus_one_the_logarithm_keeps_its_digits():
    for u in (-1.0 + 2.0**-40, -1.0 + 2.0**-10, -0.75):
        (found,) = functions.log1p(np.array([complex(u, 0.0)]))
        with mpmath.workdps(50):
            exact = mpmath.log1p(mpmath.mpf(u))
        assert abs(found.real - exact) <= TOLERANCE * abs(exact)
