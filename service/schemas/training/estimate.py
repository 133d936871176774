"""POST /train/estimate: what a training would cost."""

from dataclasses import dataclass

from core.cost import TrainingCost

SECONDS_PER_CALL = 4e-4
"""What a call of a worker costs, however little it does; see benchmarks/data_parallel.py."""
EXCHANGED_BYTES_PER_SECOND = 8e8
"""Parameters to workers and gradients from them, on one machine."""


@dataclass(frozen=True)
class EstimateResponse:
    """Floating-point operations, bytes a worker holds, and about how many seconds it takes.

    Of a training in shards when there is a free worker for each.
    """

    operations: float
    memory_bytes: int
    seconds: float

    @staticmethod
    def of(cost: TrainingCost) -> "EstimateResponse":
        """Add what calls and exchanges of shards take."""
        waiting = cost.shards * SECONDS_PER_CALL + cost.exchanged_bytes / EXCHANGED_BYTES_PER_SECOND
        seconds = sum(cost.time) / max(1, cost.shards) + cost.iterations * waiting
        return EstimateResponse(
            operations=float(cost.operations), memory_bytes=cost.memory_bytes, seconds=seconds
        )
