"""A database that is away for a while costs time, and no job."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

PAUSE_SECONDS = 1.0

log = structlog.get_logger()


async def persist(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Call `function` in a thread, again and again while the database does not answer.

    The function has to bear being repeated after a commit whose confirmation got lost.
    """
    while True:
        try:
            return await asyncio.to_thread(function, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            log.warning("database does not answer", error=str(error.orig))
            await asyncio.sleep(PAUSE_SECONDS)
