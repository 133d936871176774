"""The names of the arithmetics, of which a training records the one that it is made with."""

from typing import Literal

Arithmetic = Literal["numpy", "lanes-1"]
"""What decides about the last bits of a training.

`numpy`: NumPy and its BLAS, as they are installed and chosen for the processor. `lanes-1`: the
compiled kernels, the same bits everywhere; the number changes with anything that changes a bit, as
the width of lanes, a polynomial, the order of a sum, the size of a block.
"""
NUMPY: Arithmetic = "numpy"
LANES: Arithmetic = "lanes-1"
