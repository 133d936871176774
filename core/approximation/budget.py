"""Limits on the size and the work of an approximation."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import LimitExceeded, Place


def _free(operations: float | int) -> None:
    """Charge nothing."""


@dataclass(frozen=True)
class Budget:
    """Upper bounds that an approximation may not exceed; each method raises `LimitExceeded`.

    `charge` is called with every number of operations that was admitted.
    """

    max_points: int
    max_array_elements: int
    max_operations: float | int
    advice: str = ""
    """Appended to the refusal of too many operations, up to `advice_limit` of them."""
    advice_limit: float | int = 0
    charge: Callable[[float | int], None] = _free

    def points(self, points: int, place: Place) -> None:
        """Bound the grid points; `place` is where the request asks for them."""
        LimitExceeded.require(points, self.max_points, "points", place)

    def array_elements(self, elements: int) -> None:
        """Bound the numbers that are kept in memory and answered."""
        LimitExceeded.require(elements, self.max_array_elements, "numbers in the answer")

    def operations(self, operations: float | int) -> None:
        """Bound, and charge for, floating-point operations."""
        advice = self.advice if operations <= self.advice_limit else ""
        LimitExceeded.require(operations, self.max_operations, "operations", (), advice)
        self.charge(operations)
