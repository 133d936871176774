"""A storm: clients at work while workers and service are killed, then calm until all has ended."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.acceptance.chaos.clients import Clients
from tests.acceptance.chaos.record import Record
from tests.acceptance.chaos.replica import Replica

REPLICAS = 2
WORKERS = 2


async def storm(
    folder: Path,
    seconds: float,
    seed: int,
    database_url: str | None = None,
    least: Mapping[str, int] | None = None,
) -> Record:
    """Storm for `seconds`, and until at least these numbers of kills have happened.

    Then wait until every accepted job has ended.
    """
    chance = Random(seed)  # noqa: S311
    record = Record()
    url = database_url or f"sqlite:///{folder}/chainrule.db"
    replicas = [Replica(folder, url, WORKERS) for _ in range(REPLICAS)]
    clients = Clients([replica.address for replica in replicas], record, chance)
    for replica in replicas:
        replica.start()
    try:
        work = [asyncio.create_task(client()) for client in _crowd(clients)]
        wanted, end = Counter(least), time.monotonic() + seconds
        while time.monotonic() < end or wanted - Counter(record.deeds):
            await _kill_at_random(replicas, record, chance)
        clients.quiet.set()
        await asyncio.gather(*work)
        await clients.look_at_everything()
    finally:
        for replica in replicas:
            record.stops.append(await asyncio.to_thread(replica.terminate))
        await clients.close()
    return record


def _crowd(clients: Clients) -> list:
    one_each = [clients.cancel, clients.forget]
    return [clients.submit] * 2 + [clients.ask] * 3 + [clients.follow] * 4 + one_each


async def _kill_at_random(replicas: list[Replica], record: Record, chance: Random) -> None:
    await asyncio.sleep(chance.uniform(0.2, 1.8))
    replica = chance.choice(replicas)
    deed = chance.choices(["worker killed", "service killed", "service stopped"], [8, 2, 1])[0]
    if deed == "worker killed":
        workers = replica.workers()
        if not workers:
            return
        with suppress(ProcessLookupError):  # it was on its way out by itself
            os.kill(chance.choice(workers), signal.SIGKILL)
    elif deed == "service killed":
        await asyncio.to_thread(replica.kill)
    else:
        record.stops.append(await asyncio.to_thread(replica.terminate))
    if deed != "worker killed":
        await asyncio.sleep(chance.uniform(0.0, 1.0))
        replica.start()
    record.deeds[deed] = record.deeds.get(deed, 0) + 1
