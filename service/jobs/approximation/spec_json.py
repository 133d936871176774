"""The specification of an approximation's job as the JSON text of its row, and back."""

import json
from dataclasses import asdict, dataclass

from core.approximation.budget import Budget
from service.settings import Settings

APPROXIMATION = "approximation"
"""The kind of these jobs."""


@dataclass(frozen=True)
class ApproximationJobSpec:
    """The endpoint that was asked (`approximate` or `compare`) and the limits of its answer.

    The field names are those of rows in databases.
    """

    asked: str
    seconds: float
    max_points: int
    max_width: int
    max_numbers: int
    max_operations: float

    @staticmethod
    def of(asked: str, settings: Settings) -> "ApproximationJobSpec":
        """Return the specification under these settings."""
        return ApproximationJobSpec(
            asked,
            settings.max_job_seconds,
            settings.max_points,
            settings.max_width,
            settings.max_array_elements,
            settings.max_job_operations,
        )

    def to_text(self) -> str:
        """Write JSON with the kind of the job."""
        return json.dumps({"kind": APPROXIMATION, **asdict(self)})

    @staticmethod
    def from_text(text: str) -> "ApproximationJobSpec":
        """Read what `to_text` writes."""
        fields = json.loads(text)
        del fields["kind"]
        return ApproximationJobSpec(**fields)

    @property
    def budget(self) -> Budget:
        """The limits of the work; the caller was charged when the job was accepted."""
        return Budget(self.max_points, self.max_numbers, self.max_operations)
