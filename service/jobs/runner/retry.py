"""A database that is away for a while, or a full disk, costs time and no job."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog

from service.jobs.storage.availability import outage_reason

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

PAUSE_SECONDS = 1.0

log = structlog.get_logger()


async def retry_while_unavailable(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Call `function` in a thread, again and again while `outage_reason` says why it fails.

    The function has to bear being repeated after a commit whose confirmation got lost.
    """
    while True:
        try:
            return await asyncio.to_thread(function, *args, **kwargs)
        except Exception as error:
            why = outage_reason(error)
            if why is None:
                raise
            log.warning("a write has to wait", reason=why, error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
