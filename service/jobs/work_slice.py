"""Time slice of a job, as an executor runs it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, eq=False)
class WorkSlice:
    """Continue from `checkpoint` for about `seconds`; each call may take `timeout` seconds."""

    specification: str
    data: Path
    checkpoint: bytes
    seconds: float
    timeout: float

    @property
    def arguments(self) -> tuple[str, Path, bytes, float]:
        """The arguments of a worker function."""
        return self.specification, self.data, self.checkpoint, self.seconds
