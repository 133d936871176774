"""Wait for a job on behalf of a client, for as long as the client stays connected."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request
from starlette.requests import ClientDisconnect

from service.jobs.job import Job
from service.jobs.runner.dispatcher import Dispatcher

Result = TypeVar("Result")


async def wait_until_finished(
    request: Request, dispatcher: Dispatcher, job: Job, seconds: int | None
) -> Job:
    """Return the job once it has finished, at the latest after `seconds`; None does not wait.

    Returns the job as it is when the service stops; raises `ClientDisconnect`.
    """
    if job.finished or not seconds:
        return job
    return await while_connected(request, _until_finished(dispatcher, job, seconds))


async def wait_for_change(request: Request, dispatcher: Dispatcher, job: Job, seconds: int) -> Job:
    """Return the job once it has changed, at the latest after `seconds`.

    Returns the job as it is when the service stops; raises `ClientDisconnect`.
    """
    return await while_connected(request, dispatcher.wait_for_change(job.id, job.version, seconds))


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of `work`; cancel it and raise `ClientDisconnect` once the client left.

    The body of the request has to be read before.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _until_finished(dispatcher: Dispatcher, job: Job, seconds: float) -> Job:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (
        not (job.finished or dispatcher.waits_are_released) and (left := deadline - loop.time()) > 0
    ):
        job = await dispatcher.wait_for_change(job.id, job.version, left)
    return job


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
