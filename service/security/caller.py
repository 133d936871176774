"""Who asks, and what they have left."""

from dataclasses import dataclass

from service.security.allowance import Bucket

NOBODY_IN_PARTICULAR = ""
"""Whose jobs they are where no keys are asked for."""


@dataclass(frozen=True)
class Caller:
    """One who asks: by the name of the key, where keys are asked for."""

    name: str = NOBODY_IN_PARTICULAR
    requests: Bucket | None = None
    operations: Bucket | None = None
    """None: nobody counts."""

    def charge(self, operations: float) -> None:
        """Take from the budget; raises `Exhausted`."""
        if self.operations is not None:
            self.operations.take(operations)


EVERYBODY = Caller()
"""On this machine alone, without keys."""
