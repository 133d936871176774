"""Retries while the database is unavailable or the disk full: that delays jobs, but fails none."""

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
    """Call `function` in a thread, repeatedly while `outage_reason` gives a reason for its failure.

    The function has to be idempotent: the confirmation of a commit may be lost.
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
