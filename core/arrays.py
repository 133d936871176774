"""The array type, and conversion of input to (samples, d) arrays."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from jaxtyping import Float
from numpy.typing import DTypeLike

from core.errors import NotFinite, Place, ShapeMismatch, counted

Array = np.ndarray
Number = float | int
Numbers = Sequence[Number] | Sequence[Sequence[Number]] | Array


def as_samples(
    x: Numbers, width: int, name: str, dtype: DTypeLike = np.float64
) -> Float[Array, "samples d"]:
    """Convert one sample (d,) or many (samples, d) to shape (samples, d).

    Raises `ShapeMismatch` for no samples, and for samples without exactly `width` numbers.
    """
    with np.errstate(over="ignore"):  # overflow is reported by the forward pass, with its place
        samples = np.asarray(x, dtype=dtype)
    if samples.ndim not in (1, 2):
        raise ShapeMismatch(f"{name} has {samples.ndim} axes, expected 1 or 2", (name,))
    if samples.shape[-1] != width:
        is_label = name == "y" and samples.shape[-1] == 1
        advice = "; a class is written with 1 at its place and 0 elsewhere" if is_label else ""
        raise ShapeMismatch(
            f"{name} has {counted(samples.shape[-1], 'number')} per sample, "
            f"expected {width}{advice}",
            (name,),
        )
    if not samples.size:
        raise ShapeMismatch(f"{name} has no samples", (name,))
    return samples.reshape(-1, width)


def require_equal_samples(x: Array, y: Array, place: Place = ("y",)) -> None:
    """Raise `ShapeMismatch` unless x and y have a row for the same samples."""
    if len(x) != len(y):
        raise ShapeMismatch(f"x has {counted(len(x), 'sample')}, but y has {len(y)}", place)


def require_finite(values: Array, what: str, place: Place = ()) -> None:
    """Raise `NotFinite` with the index of the first element that is not finite."""
    # A finite sum of squares shows it in 0.51 (1000 numbers) to 0.06 (100,000) of the time of
    # `isfinite`, which only numbers above 1e154 need as well.
    if math.isfinite(np.vdot(values, values)):
        return
    finite = np.isfinite(values)
    if not finite.all():
        index = np.unravel_index(int(np.argmin(finite)), values.shape)
        where = f"[{', '.join(map(str, index))}]" if index else ""
        raise NotFinite(f"{what}{where} is {values[index]}, beyond what a float can hold", place)


@contextmanager
def within_floats(*place: str | int) -> Iterator[None]:
    """Raise `NotFinite` at `place` for an overflow or a division by zero in the block.

    A block that expects either uses its own `np.errstate`.
    """
    where: Place = place
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            yield
    except ArithmeticError as error:
        raise NotFinite(
            f"the numbers are too large, or too close to one another, for floats: {error}",
            where,
        ) from None
