"""GET /train/{id}/events: every change of a job, as it happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.dependencies import DriverOf, JobOf, StoreOf
from service.http.json_route import StrictJsonRoute
from service.jobs.errors import JobNotFound
from service.jobs.job import Job
from service.openapi.responses import error_responses
from service.schemas.training.job import JobResponse
from service.serialization.json_writer import to_json

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

LOOK_SECONDS = 1.0
"""How late a stream may notice that the service is stopping."""
LARGEST_ID = 2**63 - 1


@router.get(
    "/train/{id}/events", response_class=EventSourceResponse, responses=error_responses(404, 422)
)
async def get_events(
    job: JobOf,
    request: Request,
    store: StoreOf,
    driver: DriverOf,
    last_event_id: Annotated[
        int, Header(ge=0, le=LARGEST_ID, description="the id of the last event received")
    ] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Follow the job: server-sent events from its acceptance to its end.

    Each event `job` has the job as `GET /train/{id}` answers it. `Last-Event-ID` takes the stream
    up again without a gap or a repetition. After the last change comes the event `end`, and the
    stream is closed; comments keep an idle one alive.
    """
    seen = last_event_id
    try:
        while not request.app.state.stopping:
            for event in await asyncio.to_thread(store.events, job.id, seen):
                seen, job = event.number, event.job
                yield _event("job", job, seen)
            if job.finished and job.version <= seen:
                yield _event("end", job, seen)
                return
            job = await driver.wait_for_change(job.id, seen, LOOK_SECONDS)
    except JobNotFound:
        yield ServerSentEvent(event="end", raw_data="null")


def _event(name: str, job: Job, number: int) -> ServerSentEvent:
    return ServerSentEvent(
        event=name, id=str(number), raw_data=to_json(JobResponse.of(job)).decode()
    )
