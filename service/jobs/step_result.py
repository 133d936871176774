"""Result of one step of a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.arrays import Array
from service.jobs.job import Failure

REPORT = ("best_iteration", "stopped_early", "last", "warnings")
"""What the metrics of a training hold beside measures of its network: the iteration of the network,
whether early stopping ended the training, loss and metrics of the last iteration, and warnings."""


@dataclass(frozen=True, eq=False)
class HistoryChunk:
    """Consecutive values of a curve: `values[k]` belongs to iteration `start + k`."""

    name: str
    start: int
    values: Array

    @property
    def stop(self) -> int:
        """The first iteration after the chunk."""
        return self.start + len(self.values)


@dataclass(frozen=True, eq=False)
class StepResult:
    """Complete state after a step: any worker can continue from `checkpoint` alone.

    `loss` and `metrics` are those of the network that `checkpoint` gives; metrics also hold the
    keys of `REPORT`. `history` is of the iterations of this step only. A step with a `failure` is
    the last of its job.
    """

    checkpoint: bytes
    iteration: int
    loss: float | None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[HistoryChunk, ...] = ()
    finished: bool = False
    failure: Failure | None = None
    holds_best: bool = False
    """Whether the checkpoint contains the best parameters, so that the newest one has them."""

    def merge(self, earlier: "StepResult | None") -> "StepResult":
        """Combine this step with an earlier one that has not been written yet."""
        if earlier is None:
            return self
        return replace(
            self,
            metrics={**earlier.metrics, **self.metrics},
            history=earlier.history + self.history,
        )
