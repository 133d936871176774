"""Large arguments on a cluster travel once and are then only named."""

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from distributed import Client, Future

# So many data sets stay with the workers between calls.
KEPT = 64
# Dask wants what is larger apart from the call.
LARGE_BYTES = 2**20


class _Rows:
    """The rows of a file, on their way to the cluster or there."""

    def __init__(self, client: Client, path: Path) -> None:
        self.calls = 0
        """That asked for them before they were there."""
        self._placing = asyncio.create_task(self._place(client, path))

    async def placed(self) -> Future:
        """Wait until they are there; one call that ends meanwhile is no reason for others to."""
        return await asyncio.shield(self._placing)

    @property
    def are_lost(self) -> bool:
        """Whether they were on their way or there, and are no more."""
        if not self._placing.done():
            return False
        failed = self._placing.cancelled() or self._placing.exception() is not None
        return failed or self._placing.result().status != "finished"

    async def _place(self, client: Client, path: Path) -> Future:
        rows = await asyncio.to_thread(np.load, path, allow_pickle=False)
        # Calls that want them at once are to run on as many workers, not where the rows are.
        return await client.scatter(rows, hash=False, broadcast=self.calls > 1)


class DaskData:
    """Where the data of jobs are on the cluster."""

    def __init__(self) -> None:
        self._placed: OrderedDict[tuple[int, Path], _Rows] = OrderedDict()

    async def place(self, client: Client, argument: object) -> Any:
        """Give what to pass in place of `argument`: the rows for the path of an `.npy` file."""
        if isinstance(argument, bytes) and len(argument) > LARGE_BYTES:
            return await client.scatter(argument, hash=False)
        if not isinstance(argument, Path):
            return argument
        place = (id(client), argument)
        known = self._placed.pop(place, None)
        if known is None or known.are_lost:
            known = _Rows(client, argument)
        self._placed[place] = known
        while len(self._placed) > KEPT:
            self._placed.popitem(last=False)
        known.calls += 1
        return await known.placed()

    def forget(self) -> None:
        """Place everything anew: what a worker had is gone with it."""
        self._placed.clear()
