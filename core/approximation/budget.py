"""What an approximation may cost, decided by its caller."""

from typing import Protocol

from core.errors import Place


class Budget(Protocol):
    """Limits on the size and the work of an approximation; each method raises when exceeded."""

    def points(self, points: int, place: Place) -> None:
        """Bound the number of grid points; `place` is where the request asks for them."""

    def operations(self, operations: float) -> None:
        """Bound, and charge for, floating-point operations."""
