"""The responses that the clients of a storm received, in their order."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

Answer = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A request about a job, sent at tick `sent`, and its answer, there at tick `received`."""

    kind: str
    job_id: str
    status: int
    sent: int
    received: int
    job: Answer | None


@dataclass
class Record:
    """Everything that has to fit together in the end."""

    accepted: dict[str, set[str]] = field(default_factory=dict)
    """The jobs that were answered under each idempotency key."""
    bodies: dict[str, int] = field(default_factory=dict)
    """Which of the bodies each key stood for."""
    calls: list[Call] = field(default_factory=list)
    streams: dict[str, list[tuple[int, Answer]]] = field(default_factory=dict)
    """The events of each job that was followed: number and job, connections joined."""
    ended: set[str] = field(default_factory=set)
    """The jobs whose stream came to its `end`."""
    surprises: list[str] = field(default_factory=list)
    """Answers that no request may have."""
    deeds: dict[str, int] = field(default_factory=dict)
    """What was done to the service, how often."""
    stops: list[float] = field(default_factory=list)
    """Seconds from SIGTERM to the end of the process."""
    final: dict[str, Answer | None] = field(default_factory=dict)
    """Every accepted job when all was quiet; None for 404."""
    networks: dict[str, str] = field(default_factory=dict)
    """The network of every job that succeeded."""
    ticks: count = field(default_factory=count)

    def job_ids(self) -> list[str]:
        """Every job accepted so far."""
        return [job_id for ids in self.accepted.values() for job_id in ids]
