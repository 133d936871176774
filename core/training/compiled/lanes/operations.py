"""Arithmetic of lanes: +, -, ×, ÷, fused multiply-add, square root, selection, and sums of lanes.

Each is one IEEE 754 operation per lane, without any flag that lets LLVM reorder or contract it.
"""

import operator

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from core.training.compiled.lanes.vector_type import (
    Lanes,
    constant,
    float_vector,
    integer_vector,
    llvm_intrinsic,
    repeat,
)


@intrinsic
def splat(typing, scalar):
    """The same number in every lane."""
    lanes = Lanes(scalar)

    def code(context, builder, signature, arguments):
        return repeat(builder, float_vector(lanes), arguments[0])

    return lanes(scalar), code


@intrinsic
def full(typing, like, value):
    """A float64 constant in every lane, in the precision of `like`."""

    def code(context, builder, signature, arguments):
        number = arguments[1]
        if not like.is_double:
            number = builder.fptrunc(number, ir.FloatType())
        return repeat(builder, float_vector(like), number)

    return like(like, types.float64), code


@intrinsic
def fma(typing, a, b, c):
    """a b + c, rounded once."""

    def code(context, builder, signature, arguments):
        return llvm_intrinsic(builder, "fma", a, arguments)

    return a(a, a, a), code


@intrinsic
def sqrt(typing, a):
    """√a, rounded once."""

    def code(context, builder, signature, arguments):
        return llvm_intrinsic(builder, "sqrt", a, arguments)

    return a(a), code


@intrinsic
def absolute(typing, a):
    """|a|."""

    def code(context, builder, signature, arguments):
        return llvm_intrinsic(builder, "fabs", a, arguments)

    return a(a), code


@intrinsic
def where_greater(typing, a, b, x, y):
    """x in the lanes where a > b, else y; where a or b is NaN it is y."""

    def code(context, builder, signature, arguments):
        left, right, then, otherwise = arguments
        return builder.select(builder.fcmp_ordered(">", left, right), then, otherwise)

    return a(a, a, a, a), code


@intrinsic
def lane_sum(typing, a):
    """The sum of the lanes: upper half added to lower half, until one number is left."""

    def code(context, builder, signature, arguments):
        value, count = arguments[0], a.count
        while count > 1:
            count //= 2
            undefined = ir.Constant(value.type, ir.Undefined)
            index = ir.VectorType(ir.IntType(32), count)
            low, high = (
                builder.shuffle_vector(
                    value, undefined, ir.Constant(index, list(range(start, start + count)))
                )
                for start in (0, count)
            )
            value = builder.fadd(low, high)
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return a.element(a), code


@intrinsic
def first_lanes(typing, a, count):
    """Zeros in the lanes from `count` on, whatever is there."""

    def code(context, builder, signature, arguments):
        bits = integer_vector(a)
        numbers = ir.Constant(bits, [ir.Constant(bits.element, n) for n in range(a.count)])
        limit = arguments[1] if a.is_double else builder.trunc(arguments[1], bits.element)
        kept = builder.icmp_signed("<", numbers, repeat(builder, bits, limit))
        return builder.select(kept, arguments[0], constant(float_vector(a), 0.0))

    return a(a, types.intp), code


def _define(symbol, instruction):
    @intrinsic
    def call(typing, a, b):
        def code(context, builder, signature, arguments):
            return getattr(builder, instruction)(*arguments)

        return a(a, b), code

    @overload(symbol)
    def of_lanes(a, b):
        if isinstance(a, Lanes) and a == b:
            return lambda a, b: call(a, b)
        return None


for _symbol, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _define(_symbol, _instruction)
