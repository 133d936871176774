"""GET /train/{id}/events: every change of a job, as it happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from service.auth.caller import Caller
from service.dependencies import DispatcherOf, JobOf, StoreOf
from service.http.json_route import StrictJsonRoute
from service.jobs.errors import JobNotFound
from service.jobs.job import Job
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.store import Store
from service.openapi.responses import Responses, error_responses
from service.schemas.training.job import JobResponse
from service.serialization.json_writer import to_json

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

KEY_CHECK_SECONDS = 1.0
"""How long a stream goes on after its API key was revoked."""
KEEPALIVE_SECONDS = 15.0
"""A comment is sent after so long without an event; proxies close idle responses after 60 s."""
MAX_EVENT_ID = 2**63 - 1
MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""The second one keeps nginx from buffering the stream."""

STREAM: Responses = {
    200: {
        "description": "Events `job`, each with a job as its data, and a last event `end`.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
    204: {"description": "`Last-Event-ID` is the id of `end`: there are no more events."},
}


class _EventStream(StreamingResponse):
    media_type = MEDIA_TYPE


@router.get(
    "/train/{id}/events",
    response_class=_EventStream,
    responses=STREAM | error_responses(404, 422),
)
async def get_events(
    job: JobOf,
    request: Request,
    store: StoreOf,
    dispatcher: DispatcherOf,
    last_event_id: Annotated[
        int, Header(ge=0, le=MAX_EVENT_ID, description="the id of the last event received")
    ] = 0,
) -> Response:
    """Follow the job: server-sent events from its acceptance to its end.

    Each event `job` contains the job as `GET /train/{id}` returns it. `Last-Event-ID` resumes the
    stream without a gap or a repetition. After the last change comes the event `end`, and the
    stream is closed; a client that reconnects after `end` receives 204, after which an
    `EventSource` does not reconnect. Comments keep an idle stream open.
    """
    if job.finished and last_event_id > job.version:
        return Response(status_code=204)
    if request.method == "HEAD":
        return Response(media_type=MEDIA_TYPE, headers=HEADERS)
    caller: Caller = request.scope["caller"]
    return _EventStream(_events(job, last_event_id, store, dispatcher, caller), headers=HEADERS)


async def _events(
    job: Job, seen: int, store: Store, dispatcher: Dispatcher, caller: Caller
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    last_sent = loop.time()
    try:
        while not dispatcher.waits_are_released and caller.is_known():
            if job.version > seen:
                for event in await asyncio.to_thread(store.events, job.id, seen):
                    seen, job, last_sent = event.number, event.job, loop.time()
                    yield _event("job", job, seen)
            if job.finished and job.version <= seen:
                yield _event("end", job, seen + 1)
                return
            if loop.time() - last_sent >= KEEPALIVE_SECONDS:
                last_sent = loop.time()
                yield KEEPALIVE_COMMENT
            job = await dispatcher.wait_for_change(
                job.id, seen, min(KEY_CHECK_SECONDS, KEEPALIVE_SECONDS)
            )
    except JobNotFound:
        yield format_sse_event(event="end", data_str="null")


def _event(name: str, job: Job, number: int) -> bytes:
    return format_sse_event(
        event=name, data_str=to_json(JobResponse.of(job)).decode(), id=str(number)
    )
