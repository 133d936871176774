"""log, log(1 + u) and softplus of lanes, within 2 units in the last place.

log(1 + f) = f - f²/2 + s (f²/2 + R(s²)), s = f / (2 + f), for f in [√½ - 1, √2 - 1]: the series of
log((1 + s) / (1 - s)) arranged as in fdlibm's e_log.c (Sun Microsystems, 1993). R(z) / z is the
Chebyshev interpolant.
"""

from numba.extending import overload

from core.training.compiled.lanes.exponentials import (
    LOG2_HIGH32,
    LOG2_HIGH64,
    LOG2_LOW32,
    LOG2_LOW64,
    exp,
)
from core.training.compiled.lanes.float_bits import exponent, mantissa
from core.training.compiled.lanes.jit import inlined
from core.training.compiled.lanes.operations import absolute, fma, full, where_greater

SQRT2_LESS_ONE = 0.41421356237309503
R64 = (
    0.666666666666667,
    0.3999999999989889,
    0.28571428626253836,
    0.22222211089379496,
    0.1818289243253687,
    0.15331611722055008,
    0.14617807153417325,
)
R32 = (0.6666666655404201, 0.4000012221181065, 0.28550778633191964, 0.23331614471843498)


def series(z):
    """R(z) of the text above, z = s²."""


@inlined
def _series64(z):
    z2 = z * z
    r01 = fma(full(z, R64[1]), z, full(z, R64[0]))
    r23 = fma(full(z, R64[3]), z, full(z, R64[2]))
    r45 = fma(full(z, R64[5]), z, full(z, R64[4]))
    r456 = fma(full(z, R64[6]), z2, r45)
    return z * fma(fma(r456, z2, r23), z2, r01)


@inlined
def _series32(z):
    r = fma(full(z, R32[3]), z, full(z, R32[2]))
    r = fma(r, z, full(z, R32[1]))
    return z * fma(r, z, full(z, R32[0]))


@overload(series)
def _series(z):
    return (lambda z: _series64(z)) if z.is_double else (lambda z: _series32(z))


def log2_parts(like):
    """log 2 as a sum of two lanes."""


@overload(log2_parts)
def _log2_parts(like):
    if like.is_double:
        return lambda like: (full(like, LOG2_HIGH64), full(like, LOG2_LOW64))
    return lambda like: (full(like, LOG2_HIGH32), full(like, LOG2_LOW32))


@inlined
def _log_of_product(f, k):
    """log((1 + f) 2^k), f in [√½ - 1, √2 - 1]."""
    s = f / (full(f, 2.0) + f)
    half_square = full(f, 0.5) * f * f
    high, low = log2_parts(f)
    rest = fma(s, half_square + series(s * s), k * low)
    return fma(k, high, f - (half_square - rest))


@inlined
def log(a):
    """log a, of a normal number above 0."""
    return _log_of_product(mantissa(a) - full(a, 1.0), exponent(a))


@inlined
def log1p(u):
    """log(1 + u), u in [0, 1]."""
    one, edge = full(u, 1.0), full(u, SQRT2_LESS_ONE)
    f = where_greater(u, edge, full(u, 0.5) * (u - one), u)
    return _log_of_product(f, where_greater(u, edge, one, full(u, 0.0)))


@inlined
def softplus(s):
    """log(1 + e^s) = max(s, 0) + log(1 + e^-|s|); NaN stays."""
    zero = full(s, 0.0)
    above = where_greater(s, zero, s, where_greater(zero, s, zero, s * zero))
    return above + log1p(exp(zero - absolute(s)))
