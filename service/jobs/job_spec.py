"""The specification of a job, parsed from the JSON text of its row."""

import json

from core.training.config import TrainingConfig
from service.jobs.approximation.spec_json import APPROXIMATION, ApproximationJobSpec
from service.jobs.restarts.plan import RESTARTS, RestartPlan
from service.jobs.training.config_json import from_text

JobSpec = TrainingConfig | RestartPlan | ApproximationJobSpec


def parse_job_spec(text: str) -> JobSpec:
    """Return what the job's kind makes of the text; a training may name no kind."""
    match json.loads(text).get("kind"):
        case str(kind) if kind == APPROXIMATION:
            return ApproximationJobSpec.from_text(text)
        case str(kind) if kind == RESTARTS:
            return RestartPlan.from_text(text)
        case _:
            return from_text(text)
