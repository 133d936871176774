"""POST /train/estimate: what a training would cost."""

from dataclasses import dataclass

from core.cost import TrainingCost

OPERATIONS_PER_SECOND = 2e10
"""Of one worker on small and middling networks, float64; benchmarks/training.py measures it."""
SECONDS_PER_ITERATION = 8e-6
"""What an iteration costs however small the network is: two dozen calls into NumPy."""


@dataclass(frozen=True)
class EstimateAnswer:
    """Floating-point operations, bytes a worker holds, and about how many seconds it takes."""

    operations: float
    memory_bytes: int
    seconds: float

    @staticmethod
    def of(cost: TrainingCost) -> "EstimateAnswer":
        """Turn operations into seconds."""
        seconds = cost.operations / OPERATIONS_PER_SECOND + cost.iterations * SECONDS_PER_ITERATION
        return EstimateAnswer(
            operations=float(cost.operations), memory_bytes=cost.memory_bytes, seconds=seconds
        )
