"""Large arguments on a cluster travel once and are then only named."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from distributed import Client, Future

# So many data sets stay with the workers between calls.
KEPT = 64
# Dask wants what is larger apart from the call.
LARGE_BYTES = 2**20


class ClusterData:
    """Where the data of jobs are on the cluster."""

    def __init__(self) -> None:
        self._placed: OrderedDict[tuple[int, Path], Future] = OrderedDict()

    async def place(self, client: Client, argument: object) -> Any:
        """Give what to pass in place of `argument`: the rows for the path of an `.npy` file."""
        if isinstance(argument, bytes) and len(argument) > LARGE_BYTES:
            return await client.scatter(argument, hash=False)
        if not isinstance(argument, Path):
            return argument
        place = (id(client), argument)
        known = self._placed.pop(place, None)
        if known is None or known.status != "finished":
            rows = np.load(argument, allow_pickle=False)
            known = await client.scatter(rows, hash=False)
        self._placed[place] = known
        while len(self._placed) > KEPT:
            self._placed.popitem(last=False)
        return known

    def forget(self) -> None:
        """Place everything anew: what a worker had is gone with it."""
        self._placed.clear()
