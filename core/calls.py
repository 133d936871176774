"""A computation made ready: NumPy's functions with the buffers they read and write.

In a small network the time goes into finding functions and arguments, not into arithmetic. What is
the same in every iteration is therefore looked up once: a ufunc with positional buffers and
zero-dimensional constants takes less than half of the time of one with keywords and Python numbers.
"""

from collections.abc import Callable, Iterable

import numpy as np

from core.arrays import Array

Call = tuple[Callable[..., object], tuple[object, ...]]


def perform(calls: Iterable[Call]) -> None:
    """Make the calls in their order."""
    for function, arguments in calls:
        function(*arguments)


def constant(value: float, like: Array) -> Array:
    """A number as a ufunc takes it fastest: an array without axes, in the precision of `like`."""
    return np.asarray(value, like.dtype)
