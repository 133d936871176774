"""Lanes by their bits: multiplication by 2^k, exponent and mantissa."""

from numba.extending import intrinsic

from core.training.compiled.lanes.vector_type import constant, float_vector, integer_vector

FRACTION_BITS = {True: 52, False: 23}
"""Bits of a fraction, of float64 or not."""
SQRT_HALF_BITS = {True: 0x3FE6A09E667F3BCD, False: 0x3F3504F3}
"""√½ as an integer."""


@intrinsic
def times_power(typing, a, t):
    """Multiply a by 2^k, where the lowest bits of t hold k: t = 1.5 · 2^52 + k (1.5 · 2^23 + k)."""

    def code(context, builder, signature, arguments):
        bits = integer_vector(a)
        shift = constant(bits, FRACTION_BITS[a.is_double])
        k = builder.shl(builder.bitcast(arguments[1], bits), shift)
        return builder.bitcast(builder.add(builder.bitcast(arguments[0], bits), k), float_vector(a))

    return a(a, a), code


def _split(builder, a, value):
    """Integers k and the bits of a, where a = 2^k m with m in [√½, √2)."""
    bits = integer_vector(a)
    whole = builder.bitcast(value, bits)
    above = builder.sub(whole, constant(bits, SQRT_HALF_BITS[a.is_double]))
    return builder.ashr(above, constant(bits, FRACTION_BITS[a.is_double])), whole


@intrinsic
def exponent(typing, a):
    """k of a = 2^k m, m in [√½, √2), as a float; a is normal and above 0."""

    def code(context, builder, signature, arguments):
        k, _ = _split(builder, a, arguments[0])
        return builder.sitofp(k, float_vector(a))

    return a(a), code


@intrinsic
def mantissa(typing, a):
    """m of `exponent`."""

    def code(context, builder, signature, arguments):
        k, whole = _split(builder, a, arguments[0])
        shift = constant(integer_vector(a), FRACTION_BITS[a.is_double])
        return builder.bitcast(builder.sub(whole, builder.shl(k, shift)), float_vector(a))

    return a(a), code
