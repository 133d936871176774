"""Rows go to every worker of a cluster where several calls wait for them, else to one."""

import asyncio

import numpy as np
import pytest

from service.jobs.executors.dask_data import KEPT, DaskData


class Sent:
    """A client that takes what it is to send, and counts."""

    def __init__(self):
        self.broadcasts = []
        self.status = "finished"

    async def scatter(self, rows, *, hash, broadcast):
        self.broadcasts.append(broadcast)
        await asyncio.sleep(0)
        return self


@pytest.fixture
def paths(tmp_path):
    paths = [tmp_path / f"{number}.npy" for number in range(KEPT + 1)]
    for path in paths:
        np.save(path, np.zeros((2, 2)))
    return paths


@pytest.mark.parametrize("calls", [1, 2, 5])
def test_rows_are_sent_once_and_to_all_only_where_several_calls_wait(paths, calls):
    client, data = Sent(), DaskData()

    async def scenario():
        await asyncio.gather(*(data.place(client, paths[0]) for _ in range(calls)))
        await data.place(client, paths[0])

    asyncio.run(scenario())
    assert client.broadcasts == [calls > 1]


def test_the_data_set_used_longest_ago_is_dropped(paths):
    client, data = Sent(), DaskData()

    async def scenario():
        for path in (*paths[:-1], paths[0], paths[-1]):
            await data.place(client, path)
        sent = len(client.broadcasts)
        await data.place(client, paths[0])
        assert len(client.broadcasts) == sent
        await data.place(client, paths[1])
        assert len(client.broadcasts) == sent + 1

    asyncio.run(scenario())


def test_rows_that_are_lost_are_sent_again(paths):
    client, data = Sent(), DaskData()

    async def scenario():
        await data.place(client, paths[0])
        client.status = "lost"
        await data.place(client, paths[0])

    asyncio.run(scenario())
    assert len(client.broadcasts) == 2
