"""How long a worked solution would be, known before it is written."""

from collections.abc import Sequence
from itertools import pairwise

from core.errors import Place, TooLong

MAX_NUMBERS = 4000
"""About twenty-five pages; a person reads no more, and a server writes them in a second."""
MAX_WIDTH = 16
"""Columns of the widest matrix that is still legible across a page."""

_LAYERS: Place = ("network", "layers")


def count_numbers(
    sizes: Sequence[int], samples: int = 1, backward: bool = True, update: bool = False
) -> int:
    """The numbers on all pages: each matrix is seen when plugged in and when it results."""
    forward = sum(2 * d_out * d_in + 5 * d_out + d_in for d_in, d_out in pairwise(sizes))
    down = sum(3 * d_out * d_in + 9 * d_out + 2 * d_in for d_in, d_out in pairwise(sizes))
    parameters = sum(d_out * (d_in + 1) for d_in, d_out in pairwise(sizes))
    means = (samples + 1) * parameters if backward and samples > 1 else 0
    descent = 3 * parameters if update else 0
    return parameters + samples * (forward + (down if backward else 0)) + means + descent


def require_page_length(
    sizes: Sequence[int], samples: int = 1, backward: bool = True, update: bool = False
) -> None:
    """Raise `TooLong`, with both numbers, for what would take too many pages or too wide ones."""
    widest = max(sizes)
    if widest > MAX_WIDTH:
        raise TooLong(
            f"a matrix of {widest} columns fits on no page; worked solutions take layers and "
            f"inputs up to {MAX_WIDTH} wide",
            _LAYERS,
        )
    numbers = count_numbers(sizes, samples, backward, update)
    if numbers > MAX_NUMBERS:
        raise TooLong(
            f"the solution would be {numbers} numbers long, about {numbers // 160} pages; "
            f"the limit is {MAX_NUMBERS} numbers",
            _LAYERS,
        )
