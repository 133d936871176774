"""Prepared calls: NumPy functions bound to the buffers that they read and write.

In a small network the time goes into finding functions and arguments, not into arithmetic. What is
the same in every iteration is therefore looked up once: a ufunc with positional buffers and
zero-dimensional constants takes less than half of the time of one with keywords and Python numbers.
"""

from collections.abc import Callable, Iterable
from weakref import WeakValueDictionary

import numpy as np

from core.arrays import Array

Kernel = tuple[Callable[..., object], tuple[object, ...]]


def run_kernels(calls: Iterable[Kernel]) -> None:
    """Make the calls in their order."""
    for function, arguments in calls:
        function(*arguments)


def scalar_array(value: float, like: Array) -> Array:
    """A number as a ufunc takes it fastest: an array without axes, in the precision of `like`."""
    return np.asarray(value, like.dtype)


def shared_zeros(shape: tuple[int, ...], dtype: np.dtype) -> Array:
    """The same array for equal arguments, as long as one is referenced; read-only."""
    known = _KNOWN.get((shape, dtype.str))
    if known is None:
        known = np.zeros(shape, dtype)
        known.flags.writeable = False
        _KNOWN[shape, dtype.str] = known
    return known


_KNOWN: WeakValueDictionary[tuple[tuple[int, ...], str], Array] = WeakValueDictionary()
