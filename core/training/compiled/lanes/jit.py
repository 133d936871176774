"""How functions are compiled: no reordering of arithmetic, and no interpreter lock."""

from inspect import unwrap

from numba import njit


def inlined(function):
    """Compile into every caller: for functions that work on registers."""
    return njit(error_model="numpy", nogil=True, forceinline=True)(unwrap(function))


def compiled(function):
    """Compile as a function of the module that calls it."""
    return njit(error_model="numpy", nogil=True)(unwrap(function))
