"""What a worker brings back from one step of a training."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.arrays import Array
from service.jobs.job import Failure


@dataclass(frozen=True, eq=False)
class HistoryChunk:
    """Consecutive numbers of one curve: `values[k]` belongs to iteration `start + k`."""

    name: str
    start: int
    values: Array

    @property
    def stop(self) -> int:
        """The first iteration after the chunk."""
        return self.start + len(self.values)


@dataclass(frozen=True, eq=False)
class StepResult:
    """The state after some iterations, complete: another worker may go on from `checkpoint` alone.

    `loss` and `metrics` belong to the parameters in `checkpoint`, `history` to the iterations of
    this step only. With a `failure` the training cannot go on from here.
    """

    checkpoint: bytes
    iteration: int
    loss: float | None
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    history: tuple[HistoryChunk, ...] = ()
    finished: bool = False
    failure: Failure | None = None
    holds_best: bool = False
    """Whether the checkpoint itself remembers the best, so that the newest one is always it."""

    def merge(self, earlier: "StepResult | None") -> "StepResult":
        """Join this step to the one before it, which was not written yet."""
        if earlier is None:
            return self
        return replace(
            self,
            metrics={**earlier.metrics, **self.metrics},
            history=earlier.history + self.history,
        )
