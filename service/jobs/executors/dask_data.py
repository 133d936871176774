"""Data sets on a Dask cluster: sent once, then referenced by key."""

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from distributed import Client, Future

# Data sets kept on the workers between calls.
KEPT = 64
# Larger arguments are sent apart from the call, as Dask recommends.
LARGE_BYTES = 2**20


class _Rows:
    """The rows of a file that are being sent, or are on the cluster."""

    def __init__(self, client: Client, path: Path) -> None:
        self.calls = 0
        """Calls that asked for the rows before they had arrived."""
        self._placing = asyncio.create_task(self._place(client, path))

    async def placed(self) -> Future:
        """Wait until the rows have arrived; a cancelled call does not cancel the transfer."""
        return await asyncio.shield(self._placing)

    @property
    def are_lost(self) -> bool:
        """Whether the transfer failed or the rows are gone."""
        if not self._placing.done():
            return False
        failed = self._placing.cancelled() or self._placing.exception() is not None
        return failed or self._placing.result().status != "finished"

    async def _place(self, client: Client, path: Path) -> Future:
        rows = await asyncio.to_thread(np.load, path, allow_pickle=False)
        # Concurrent calls run on several workers, so all of them get the rows.
        return await client.scatter(rows, hash=False, broadcast=self.calls > 1)


class DaskData:
    """The data sets on the cluster, by client and path; the least recently used are dropped."""

    def __init__(self) -> None:
        self._placed: OrderedDict[tuple[int, Path], _Rows] = OrderedDict()

    async def place(self, client: Client, argument: object) -> Any:
        """What to pass in place of `argument`: for the path of an `.npy` file, its rows."""
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
        """Drop all references after a worker was lost; data sets are sent again when needed."""
        self._placed.clear()
