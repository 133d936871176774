"""exp, expm1, sigmoid and tanh of lanes, within 2 units in the last place.

e^x = 2^k e^r with k = round(x / log 2), |r| ≤ log(2) / 2, and e^r = 1 + r + r² q(r), where q is the
Chebyshev interpolant of (e^r - 1 - r) / r². log 2 is subtracted in two parts, of which the first
times k is exact (Cody and Waite, Software manual for the elementary functions, 1980, chapter 6).
"""

from numba.extending import overload

from core.training.compiled.lanes.float_bits import times_power
from core.training.compiled.lanes.jit import inlined
from core.training.compiled.lanes.operations import absolute, fma, full, where_greater

LOG2_E = 1.4426950408889634
ROUNDING64, ROUNDING32 = 1.5 * 2.0**52, 1.5 * 2.0**23
"""A sum with this number is rounded to an integer, which its lowest bits hold."""
LOG2_HIGH64, LOG2_LOW64 = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG2_HIGH32, LOG2_LOW32 = 0.693359375, -2.12194440e-4
Q64 = (
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662413,
    0.008333333333330062,
    0.0013888888917213717,
    0.00019841269863053618,
    2.4801521295954376e-05,
    2.7557268459997064e-06,
    2.7620088445409746e-07,
    2.510038549551032e-08,
)
Q32 = (
    0.5,
    0.16666576989698775,
    0.041666554617204574,
    0.008363179052722578,
    0.0013926183587713494,
)
MAX_EXPONENT64, MAX_EXPONENT32 = 708.0, 87.0
"""Beyond, e^x or e^-x is not a normal number."""
SATURATION = 20.0
"""|tanh s| of larger |s| is 1 in both precisions."""


def reduced(x):
    """r, what its rounding lost, r² q(r), and k as `times_power` takes it."""


@inlined
def _reduced64(x):
    t = fma(x, full(x, LOG2_E), full(x, ROUNDING64))
    k = t - full(x, ROUNDING64)
    high = fma(k, full(x, -LOG2_HIGH64), x)
    r = fma(k, full(x, -LOG2_LOW64), high)
    lost = fma(k, full(x, -LOG2_LOW64), high - r)
    r2 = r * r
    r4 = r2 * r2
    # Pairs first: the dependent operations are half as many as in Horner's scheme.
    q01 = fma(full(x, Q64[1]), r, full(x, Q64[0]))
    q23 = fma(full(x, Q64[3]), r, full(x, Q64[2]))
    q45 = fma(full(x, Q64[5]), r, full(x, Q64[4]))
    q67 = fma(full(x, Q64[7]), r, full(x, Q64[6]))
    q89 = fma(full(x, Q64[9]), r, full(x, Q64[8]))
    q = fma(fma(q89, r4, fma(q67, r2, q45)), r4, fma(q23, r2, q01))
    return r, lost, q * r2, t


@inlined
def _reduced32(x):
    t = fma(x, full(x, LOG2_E), full(x, ROUNDING32))
    k = t - full(x, ROUNDING32)
    high = fma(k, full(x, -LOG2_HIGH32), x)
    r = fma(k, full(x, -LOG2_LOW32), high)
    lost = fma(k, full(x, -LOG2_LOW32), high - r)
    q = fma(full(x, Q32[4]), r, full(x, Q32[3]))
    q = fma(q, r, full(x, Q32[2]))
    q = fma(q, r, full(x, Q32[1]))
    q = fma(q, r, full(x, Q32[0]))
    return r, lost, q * (r * r), t


@overload(reduced)
def _reduced(x):
    return (lambda x: _reduced64(x)) if x.is_double else (lambda x: _reduced32(x))


def clamped(x):
    """x within ± the largest exponent; NaN stays."""


@inlined
def _clamped_to(x, limit):
    high, low = full(x, limit), full(x, -limit)
    return where_greater(low, x, low, where_greater(x, high, high, x))


@overload(clamped)
def _clamped(x):
    if x.is_double:
        return lambda x: _clamped_to(x, MAX_EXPONENT64)
    return lambda x: _clamped_to(x, MAX_EXPONENT32)


@inlined
def exp(x):
    """e^x, of x clamped to where it is a normal number."""
    r, _, rest, t = reduced(clamped(x))
    return times_power(full(x, 1.0) + (r + rest), t)


@inlined
def expm1(x):
    """e^x - 1, exact where x is small.

    2^k - 1 and 2^k r are added without loss: the sum and its rounding error, found by subtraction
    (Dekker, A floating-point technique for extending the available precision, 1971).
    """
    r, lost, rest, t = reduced(clamped(x))
    power = times_power(full(x, 1.0), t)
    less_one = power - full(x, 1.0)
    total = fma(power, r, less_one)
    error = fma(power, r, less_one - total)
    return total + fma(power, rest + lost, error)


@inlined
def sigmoid(s):
    """1 / (1 + e^-s)."""
    one = full(s, 1.0)
    return one / (one + exp(full(s, 0.0) - s))


@inlined
def tanh(s):
    """(e^2s - 1) / (e^2s + 1), of |s| with the sign of s."""
    zero, limit = full(s, 0.0), full(s, SATURATION)
    size = absolute(s)
    size = where_greater(size, limit, limit, size)
    m = expm1(size + size)
    t = m / (m + full(s, 2.0))
    return where_greater(zero, s, zero - t, t)
