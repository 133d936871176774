"""Measure side by side: A B C, A B C, …, so that a slow moment of the machine meets all."""

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Protocol


class Peer(Protocol):
    """Something that can make iterations."""

    name: str
    least: int
    """The iterations it can make at once are the multiples of this."""

    def run(self, iterations: int) -> None:
        """Make them."""


def seconds_per_iteration(peer: Peer, seconds: float) -> float:
    """Twice as many iterations each time until they take that long; the last time counts.

    Of the processor, on which other programs may run at the same time.
    """
    iterations = peer.least
    while True:
        begin = process_time()
        peer.run(iterations)
        elapsed = process_time() - begin
        if elapsed >= seconds:
            return elapsed / iterations
        iterations *= 2


def interleaved(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """The measurements under each name, one per round."""
    for measure in measures.values():
        measure()  # caches, compilers and threads are warm from here on
    rows = [{name: measure() for name, measure in measures.items()} for _ in range(rounds)]
    return {name: [row[name] for row in rows] for name in measures}


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios within a round."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))
