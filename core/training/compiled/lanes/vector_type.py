"""The numba type of 64 bytes of numbers, and the LLVM vector that holds them.

The width belongs to the arithmetic, because it fixes the order of sums; so LLVM does not choose it.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, register_model

from core.training.compiled.constants import LANE_BYTES


class Lanes(types.Type):
    """8 float64 or 16 float32."""

    def __init__(self, element):
        self.element = element
        self.count = LANE_BYTES * 8 // element.bitwidth
        super().__init__(f"Lanes({element})")

    @property
    def is_double(self):
        """Whether the numbers are float64."""
        return self.element is types.float64


def float_vector(lanes):
    """The LLVM type of the value."""
    return ir.VectorType(ir.DoubleType() if lanes.is_double else ir.FloatType(), lanes.count)


def integer_vector(lanes):
    """The LLVM type of the value's bits."""
    return ir.VectorType(ir.IntType(lanes.element.bitwidth), lanes.count)


def constant(vector, number):
    """The same number in every lane of that LLVM type."""
    return ir.Constant(vector, [ir.Constant(vector.element, number)] * vector.count)


def repeat(builder, vector, scalar):
    """Code for the scalar in every lane of that LLVM type."""
    undefined, index = ir.Constant(vector, ir.Undefined), ir.IntType(32)
    first = builder.insert_element(undefined, scalar, ir.Constant(index, 0))
    return builder.shuffle_vector(first, undefined, constant(ir.VectorType(index, vector.count), 0))


def llvm_intrinsic(builder, name, lanes, arguments):
    """Code for a call of an LLVM intrinsic on vectors, which llvmlite declares for scalars only."""
    vector = float_vector(lanes)
    signature = ir.FunctionType(vector, [vector] * len(arguments))
    full_name = f"llvm.{name}.v{lanes.count}f{lanes.element.bitwidth}"
    return builder.call(
        cgutils.get_or_insert_function(builder.module, signature, full_name), arguments
    )


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, float_vector(fe_type))
