"""GET /metrics."""

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from service.http.json_route import StrictJsonRoute
from service.job_system import JobSystem

router = APIRouter(route_class=StrictJsonRoute, tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Prometheus' text format: requests, computations, jobs, workers, and the process itself."""
    registry: CollectorRegistry = request.app.state.metrics
    job_system: JobSystem = request.app.state.job_system
    await job_system.probe()
    request.app.state.update_metrics()
    text = await asyncio.to_thread(generate_latest, registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
