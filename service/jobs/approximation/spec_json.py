"""What an approximation's job is about, as the text that stands in the record, and back."""

import json
from dataclasses import asdict, dataclass

from service.limits import Limits
from service.settings import Settings

APPROXIMATION = "approximation"
"""The kind of these jobs."""


@dataclass(frozen=True)
class ApproximationJobSpec:
    """Which endpoint was asked (`approximate` or `compare`), and what the answer may take."""

    asked: str
    seconds: float
    max_points: int
    max_width: int
    max_numbers: int
    max_operations: float

    @staticmethod
    def of(asked: str, settings: Settings) -> "ApproximationJobSpec":
        """The order under these settings."""
        return ApproximationJobSpec(
            asked,
            settings.max_job_seconds,
            settings.max_points,
            settings.max_width,
            settings.max_array_elements,
            settings.max_job_operations,
        )

    def to_text(self) -> str:
        """JSON that says of which kind the job is."""
        return json.dumps({"kind": APPROXIMATION, **asdict(self)})

    @property
    def limits(self) -> Limits:
        """What bounds the work itself; the caller has been charged."""
        return Limits(
            Settings(
                max_points=self.max_points,
                max_width=self.max_width,
                max_array_elements=self.max_numbers,
                max_operations=self.max_operations,
            )
        )


def order_of(text: str) -> ApproximationJobSpec | None:
    """The order of `to_text`; None for a job of another kind."""
    fields = json.loads(text)
    return ApproximationJobSpec(**fields) if fields.pop("kind", None) == APPROXIMATION else None
