"""What the first picture would otherwise wait for: the import of matplotlib."""

import asyncio
import contextlib
from importlib import import_module

from service.errors import Overloaded
from service.thread_pool import ComputePool

IDLE_SECONDS = 2.0
"""After the start, so that readiness and the first requests do not wait for the import."""
MODULE = "core.plots"


async def import_plots(computation: ComputePool) -> None:
    """Import the pictures in a thread of low priority, as soon as no request computes.

    A third of a second of processor time, which a picture would need as much again for itself.
    """
    await asyncio.sleep(IDLE_SECONDS)
    while computation.pending:
        await asyncio.sleep(IDLE_SECONDS)
    with contextlib.suppress(Overloaded):  # the first picture imports it
        await computation.run(lambda: import_module(MODULE), float("inf"))
