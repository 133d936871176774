"""Who asks, and what they have left."""

from dataclasses import dataclass

from service.auth.rate_limit import Bucket

NOBODY_IN_PARTICULAR = ""
"""Whose jobs they are where no keys are asked for."""


@dataclass(eq=False)
class Caller:
    """One who asks, in one request: by the name of the key, where keys are asked for."""

    name: str = NOBODY_IN_PARTICULAR
    requests: Bucket | None = None
    operations: Bucket | None = None
    """None: nobody counts."""
    charged: float = 0.0

    def charge(self, operations: float) -> None:
        """Take from the budget; raises `Exhausted`."""
        if self.operations is not None:
            self.operations.take(operations)
            self.charged += operations

    def refund(self) -> None:
        """Put back what this request has taken: nothing will be done for it."""
        if self.operations is not None:
            self.operations.put_back(self.charged)
            self.charged = 0.0


EVERYBODY = Caller()
"""On this machine alone, without keys."""
