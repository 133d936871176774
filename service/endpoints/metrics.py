"""GET /metrics."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.observability.measures import Measures

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Prometheus' text format: requests, computations, jobs, workers, and the process itself."""
    measures: Measures = request.app.state.measures
    return Response(generate_latest(measures.registry), media_type=CONTENT_TYPE_LATEST)
