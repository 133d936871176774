"""GET /health/live, /health/ready and /metrics: for orchestrators and Prometheus."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from service.errors import NotReady
from service.http.json_route import StrictJsonRoute
from service.job_system import Record
from service.openapi.responses import refusals
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["operation"])


@dataclass(frozen=True)
class HealthAnswer:
    """Always "ok"; what is not is a problem document."""

    status: str


@router.get("/health/live", response_model=HealthAnswer)
async def live() -> Response:
    """The process answers."""
    return ArrayResponse(HealthAnswer("ok"))


@router.get("/health/ready", response_model=HealthAnswer, responses=refusals(503))
async def ready(request: Request) -> Response:
    """The service takes work: the database takes writes, and it is not about to stop."""
    if request.app.state.stopping:
        raise NotReady("the service is stopping")
    record: Record = request.app.state.record
    await record.check()
    return ArrayResponse(HealthAnswer("ok"))
