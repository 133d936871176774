"""GET /about: version, names of the tables, and limits."""

from dataclasses import dataclass, fields
from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from core.datasets import DATASETS
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES
from core.training.optimizers import OPTIMIZERS
from service.http.json_route import StrictJsonRoute
from service.serialization.json_writer import ArrayResponse
from service.settings import Settings

router = APIRouter(route_class=StrictJsonRoute, tags=["operation"])


@dataclass(frozen=True)
class LimitsResponse:
    """The largest of each that is accepted, as the operator has set it."""

    max_layers: int
    max_width: int
    max_samples: int
    max_iterations: int
    max_points: int
    max_array_elements: int
    max_operations: float
    max_body_bytes: int
    max_job_operations: float
    max_job_bytes: int
    max_job_seconds: float


@dataclass(frozen=True)
class AboutResponse:
    """Version, names of the tables, limits, and whether an API key is required."""

    version: str
    activations: list[str]
    losses: list[str]
    optimizers: list[str]
    datasets: list[str]
    limits: LimitsResponse
    api_keys: bool


@router.get("/about", response_model=AboutResponse)
async def get_about(request: Request) -> Response:
    """The names of the tables, the limits, and whether an API key is required."""
    settings: Settings = request.app.state.limits.settings
    bounds = {field.name: getattr(settings, field.name) for field in fields(LimitsResponse)}
    return ArrayResponse(
        AboutResponse(
            version=version("chainrule"),
            activations=list(ACTIVATIONS),
            losses=list(LOSSES),
            optimizers=list(OPTIMIZERS),
            datasets=list(DATASETS),
            limits=LimitsResponse(**bounds),
            api_keys=bool(settings.api_keys_file),
        )
    )
