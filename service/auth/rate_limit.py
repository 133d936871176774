"""Rate limits of a caller, for requests and operations, as token buckets.

The header fields are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MAX_CALLERS = 10_000
"""Maximum callers in memory.

The bucket that was unused for the longest time is dropped, being full.
"""

MAX_SF_INTEGER = 10**15 - 1
"""The largest integer of a structured field (RFC 9651, 3.3.1)."""


@dataclass(frozen=True)
class Policy:
    """A limit: `quota` at once, refilled steadily within `seconds`."""

    name: str
    quota: float
    seconds: int

    @property
    def field(self) -> str:
        """The entry of the header field `RateLimit-Policy`."""
        return f'"{self.name}";q={min(ceil(self.quota), MAX_SF_INTEGER)};w={self.seconds}'


class RateLimited(Exception):
    """The limit is reached; the sentence has the limit and the time to wait."""

    def __init__(self, policy: Policy, seconds: float) -> None:
        super().__init__(
            f"the limit is {policy.quota:,.0f} {policy.name} in {policy.seconds:,} s, "
            f"wait for {ceil(seconds):,} s"
        )
        self.retry_after_seconds = max(1, ceil(seconds))


class TokenBucket:
    """The tokens of one caller for one policy; `clock` gives seconds."""

    def __init__(self, policy: Policy, clock: Callable[[], float]) -> None:
        self._policy = policy
        self._clock = clock
        self._left = policy.quota
        self._at = clock()

    def take(self, amount: float) -> None:
        """Take tokens; raise `RateLimited` while too few are left (a full bucket always pays)."""
        self._fill()
        needed = min(amount, self._policy.quota)
        if needed > self._left:
            raise RateLimited(self._policy, (needed - self._left) / self._rate)
        # Below zero for a request of more than the quota: then it takes longer to fill.
        self._left -= amount

    def refund(self, amount: float) -> None:
        """Put tokens back, up to the quota."""
        self._left += amount
        self._fill()

    @property
    def field(self) -> str:
        """The entry of the header field `RateLimit`: tokens left, and seconds until it is full."""
        self._fill()
        until_full = (self._policy.quota - self._left) / self._rate
        left = min(max(0, int(self._left)), MAX_SF_INTEGER)
        return f'"{self._policy.name}";r={left};t={ceil(until_full)}'

    @property
    def _rate(self) -> float:
        return self._policy.quota / self._policy.seconds

    def _fill(self) -> None:
        now = self._clock()
        self._left = min(self._policy.quota, self._left + (now - self._at) * self._rate)
        self._at = now


class TokenBuckets:
    """One bucket for each caller."""

    def __init__(self, policy: Policy, clock: Callable[[], float]) -> None:
        self.policy = policy
        self._clock = clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def of(self, caller: str) -> TokenBucket:
        """The bucket of a caller; a new one is full."""
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = TokenBucket(self.policy, self._clock)
            if len(self._buckets) > MAX_CALLERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(caller)
        return bucket
