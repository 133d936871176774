"""The caller of a request and the rest of its rate limits."""

from collections.abc import Callable
from dataclasses import dataclass

from service.auth.rate_limit import TokenBucket

ANONYMOUS = ""
"""Owner of the jobs where no keys are required."""


@dataclass(eq=False)
class Caller:
    """The caller of one request, by the name of its API key if keys are required."""

    name: str = ANONYMOUS
    requests: TokenBucket | None = None
    operations: TokenBucket | None = None
    """None: no limit."""
    charged: float = 0.0
    is_known: Callable[[], bool] = lambda: True
    """Whether the API key of the request is still valid."""

    def charge(self, operations: float) -> None:
        """Take from the budget; raises `RateLimited`."""
        if self.operations is not None:
            self.operations.take(operations)
            self.charged += operations

    def refund(self) -> None:
        """Return what this request has taken, because it is refused."""
        if self.operations is not None:
            self.operations.refund(self.charged)
            self.charged = 0.0


ANONYMOUS_CALLER = Caller()
"""On this machine alone, without keys."""
