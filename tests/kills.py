"""Jobs that are killed before they end, however fast the machine is."""

from collections.abc import Callable
from typing import TypeVar

Outcome = TypeVar("Outcome")
LENGTHS = (1, 4, 16, 64)


def killed_in_time(trained: Callable[[int], Outcome | None]) -> Outcome:
    """The outcome of the shortest of LENGTHS where the kill came before the end of the job.

    `trained(length)` returns None where the job had ended already.
    """
    for length in LENGTHS:
        outcome = trained(length)
        if outcome is not None:
            return outcome
    raise AssertionError(f"a job {LENGTHS[-1]} times longer ended before it was killed")
