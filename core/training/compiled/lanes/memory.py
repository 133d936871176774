"""Loads and stores of lanes and of single numbers, at an offset from a pointer.

Functions of the kernels take a pointer instead of an array, because an array is seven words per
call, whose references are counted; that took 1.3 times as long on 2-3-2 × 1.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from core.training.compiled.lanes.vector_type import Lanes, float_vector, repeat


def _lanes_at(builder, lanes, pointer, offset):
    at = builder.gep(pointer, [offset])
    return builder.bitcast(at, float_vector(lanes).as_pointer())


@intrinsic
def lane_count(typing, pointer):
    """How many numbers are one value: a constant of the compiled code.

    As an argument it would cost a division per loop.
    """
    count = Lanes(pointer.dtype).count

    def code(context, builder, signature, arguments):
        return context.get_constant(types.intp, count)

    return types.intp(pointer), code


@intrinsic
def rounded(typing, pointer, number):
    """A float64 in the precision of the numbers at the pointer."""
    is_double = pointer.dtype is types.float64

    def code(context, builder, signature, arguments):
        return arguments[1] if is_double else builder.fptrunc(arguments[1], ir.FloatType())

    return pointer.dtype(pointer, types.float64), code


@intrinsic
def load(typing, pointer, offset):
    """The lanes from `offset` on."""
    lanes = Lanes(pointer.dtype)

    def code(context, builder, signature, arguments):
        value = builder.load(_lanes_at(builder, lanes, *arguments))
        value.align = lanes.element.bitwidth // 8
        return value

    return lanes(pointer, types.intp), code


@intrinsic
def store(typing, pointer, offset, value):
    """Write the lanes from `offset` on."""
    lanes = Lanes(pointer.dtype)

    def code(context, builder, signature, arguments):
        at = _lanes_at(builder, lanes, *arguments[:2])
        builder.store(arguments[2], at).align = lanes.element.bitwidth // 8
        return context.get_dummy_value()

    return types.void(pointer, types.intp, lanes), code


@intrinsic
def splat_at(typing, pointer, offset):
    """The number at `offset`, in every lane."""
    lanes = Lanes(pointer.dtype)

    def code(context, builder, signature, arguments):
        scalar = builder.load(builder.gep(arguments[0], [arguments[1]]))
        return repeat(builder, float_vector(lanes), scalar)

    return lanes(pointer, types.intp), code


@intrinsic
def number_at(typing, pointer, offset):
    """The number at `offset`."""

    def code(context, builder, signature, arguments):
        return builder.load(builder.gep(arguments[0], [arguments[1]]))

    return pointer.dtype(pointer, types.intp), code


@intrinsic
def put_at(typing, pointer, offset, number):
    """Write the number at `offset`."""

    def code(context, builder, signature, arguments):
        builder.store(arguments[2], builder.gep(arguments[0], [arguments[1]]))
        return context.get_dummy_value()

    return types.void(pointer, types.intp, pointer.dtype), code
