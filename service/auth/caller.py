"""Who asks, and what they have left."""

from collections.abc import Callable
from dataclasses import dataclass

from service.auth.rate_limit import TokenBucket

ANONYMOUS = ""
"""Whose jobs they are where no keys are asked for."""


@dataclass(eq=False)
class Caller:
    """One who asks, in one request: by the name of the key, where keys are asked for."""

    name: str = ANONYMOUS
    requests: TokenBucket | None = None
    operations: TokenBucket | None = None
    """None: nobody counts."""
    charged: float = 0.0
    is_known: Callable[[], bool] = lambda: True
    """Whether the API key of the request is still valid."""

    def charge(self, operations: float) -> None:
        """Take from the budget; raises `RateLimited`."""
        if self.operations is not None:
            self.operations.take(operations)
            self.charged += operations

    def refund(self) -> None:
        """Put back what this request has taken: nothing will be done for it."""
        if self.operations is not None:
            self.operations.refund(self.charged)
            self.charged = 0.0


ANONYMOUS_CALLER = Caller()
"""On this machine alone, without keys."""
