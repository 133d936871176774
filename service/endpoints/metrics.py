"""GET /metrics."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from service.dependencies import StoreOf

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(store: StoreOf) -> Response:
    """Prometheus' text format: how many jobs are in each state."""
    registry = CollectorRegistry()
    jobs = Gauge("chainrule_jobs", "Jobs in the record, by state.", ["state"], registry=registry)
    for state, count in store.count_by_state().items():
        jobs.labels(state=state.value).set(count)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
