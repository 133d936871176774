"""Rows of a Markdown table, measured in turns."""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.interleave import interleaved, ratio

ROUNDS = 7


def seconds(work: Callable[[], object]) -> float:
    """The time of one call."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def row(*cells: str) -> None:
    """Print a row."""
    print(f"| {' | '.join(cells)} |", flush=True)


def compare_times(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], bar: str
) -> None:
    """Time both in turns; the result is the median of the ratios within a round."""
    work = {"ours": lambda: seconds(ours), "theirs": lambda: seconds(theirs)}
    measured = interleaved(work, ROUNDS)
    row(
        name,
        f"{1e3 * median(measured['ours']):.0f} ms",
        f"{1e3 * median(measured['theirs']):.0f} ms",
        f"{ratio(measured['ours'], measured['theirs']):.2f}",
        bar,
    )
