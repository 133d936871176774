"""POST /train/estimate: what a training would cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.cost import TrainingCost
from core.training.compiled.arithmetic import LANES, NUMPY, Arithmetic

OPERATIONS_PER_SECOND: Mapping[Arithmetic, float] = {NUMPY: 2e10, LANES: 4e10}
"""Of one worker on small and middling networks, float64; benchmarks/training.py measures it."""
SECONDS_PER_ITERATION: Mapping[Arithmetic, float] = {NUMPY: 8e-6, LANES: 3e-7}
"""What an iteration costs however small the network is: two dozen calls into NumPy, or none."""
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
        """Turn operations into seconds."""
        rate = OPERATIONS_PER_SECOND[cost.arithmetic]
        computing = cost.operations / rate / max(1, cost.shards)
        waiting = cost.shards * SECONDS_PER_CALL + cost.exchanged_bytes / EXCHANGED_BYTES_PER_SECOND
        seconds = computing + cost.iterations * (SECONDS_PER_ITERATION[cost.arithmetic] + waiting)
        return EstimateResponse(
            operations=float(cost.operations), memory_bytes=cost.memory_bytes, seconds=seconds
        )
