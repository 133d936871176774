"""GET /health/live, /health/ready and /metrics: for orchestrators and Prometheus."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from service.errors import NotReady
from service.http.json_route import StrictJsonRoute
from service.job_system import JobSystem
from service.openapi.responses import error_responses
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["operation"])


@dataclass(frozen=True)
class HealthResponse:
    """Always "ok"; what is not is a problem document."""

    status: str


@router.get("/health/live", response_model=HealthResponse)
async def live() -> Response:
    """The process answers."""
    return ArrayResponse(HealthResponse("ok"))


@router.get("/health/ready", response_model=HealthResponse, responses=error_responses(503))
async def ready(request: Request) -> Response:
    """The service takes work: the database takes writes, and it is not about to stop."""
    if request.app.state.stopping:
        raise NotReady("the service is stopping")
    job_system: JobSystem = request.app.state.job_system
    await job_system.require_writable()
    return ArrayResponse(HealthResponse("ok"))
