"""One process of the service as far as jobs are concerned: a driver on a cluster, until SIGTERM."""

import asyncio
import signal
import sys
from pathlib import Path

import far_trainings
from driving import PACE, rhythm

from service.jobs.executors.dask_executor import DaskExecutor
from service.jobs.job_types import single_call
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.store import Store


async def main(database_url: str, data_directory: str, scheduler: str) -> None:
    store = Store(database_url, data_directory=Path(data_directory))
    engine = DaskExecutor(scheduler)
    driver = Dispatcher(
        store, engine, pace=PACE, rhythm=rhythm(), advance=single_call(far_trainings.advance)
    )
    await driver.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await driver.stop()
    await engine.close()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
