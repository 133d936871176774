"""Arithmetic that leaves the floating-point numbers is a refusal, not a warning."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from core.errors import NotFinite, Place


@contextmanager
def within_floats(*place: str | int) -> Iterator[None]:
    """Raise `NotFinite` at this place where something in the block overflows or divides by 0.

    What a block expects of the kind it does under an `np.errstate` of its own.
    """
    where: Place = place
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            yield
    except ArithmeticError as error:
        raise NotFinite(
            f"the numbers are so large, or so near one another, that floats cannot tell: {error}",
            where,
        ) from None
