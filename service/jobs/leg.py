"""What an engine is asked for: to go on with a job for a while."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, eq=False)
class Leg:
    """From `checkpoint` on for about so many seconds; a call may take `timeout` seconds."""

    specification: str
    data: Path
    checkpoint: bytes
    seconds: float
    timeout: float
