"""From the place of a number in the mathematics to its place in the request."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import MathematicalError


@contextmanager
def prefix_location(*outer: str | int) -> Iterator[None]:
    """Let what the core refuses in the block point into `outer`."""
    try:
        yield
    except MathematicalError as error:
        error.place = (*outer, *error.place)
        raise


@contextmanager
def set_location(*place: str | int) -> Iterator[None]:
    """Let what the core refuses in the block point to `place`, which the core cannot know."""
    try:
        yield
    except MathematicalError as error:
        error.place = place
        raise


@contextmanager
def strip_location(outer: str) -> Iterator[None]:
    """Let what the core refuses within `outer` point to a parameter of an address."""
    try:
        yield
    except MathematicalError as error:
        error.place = error.place[error.place[:1] == (outer,) :]
        raise
