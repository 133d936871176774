"""What an engine is asked for: to go on with a job for a while."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, eq=False)
class WorkSlice:
    """From `checkpoint` on for about so many seconds; a call may take `timeout` seconds."""

    specification: str
    data: Path
    checkpoint: bytes
    seconds: float
    timeout: float

    @property
    def arguments(self) -> tuple[str, Path, bytes, float]:
        """Those of a worker's function that goes on with a job by itself."""
        return self.specification, self.data, self.checkpoint, self.seconds
