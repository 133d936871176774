"""Engines, and stores on both databases, each test with its own."""

import asyncio
from itertools import count

import psycopg
import pytest
from dask_cluster import DaskCluster, until_slots
from postgresql_server import binary, running_server

from service.jobs.executors.dask_executor import DaskExecutor
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.storage.store import Store


@pytest.fixture
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def process_engine(runner):
    engine = ProcessExecutor(slots=2)
    yield engine
    runner.run(engine.close())


async def _connect(cluster: DaskCluster) -> DaskExecutor:
    engine = DaskExecutor(cluster.address)
    await until_slots(engine, 2)
    return engine


@pytest.fixture(scope="session")
def dask_cluster(tmp_path_factory):
    """A scheduler and two workers, for tests that leave them as they were."""
    cluster = DaskCluster(tmp_path_factory.mktemp("dask"))
    cluster.start_scheduler()
    cluster.start_worker()
    cluster.start_worker()
    yield cluster
    cluster.close()


@pytest.fixture(params=["process", "cluster"])
def engine(request, runner):
    """Two slots of each kind of engine."""
    if request.param == "process":
        yield request.getfixturevalue("process_engine")
        return
    engine = runner.run(_connect(request.getfixturevalue("dask_cluster")))
    yield engine
    runner.run(engine.close())


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def new_postgresql_url():
    """A function that gives a URL with a new, empty schema: a database each costs 8 MB."""
    if binary("initdb") is None or binary("postgres") is None:
        pytest.skip("PostgreSQL is not installed")
    numbers = count()
    with running_server() as server:

        def create() -> str:
            name = f"chainrule_{next(numbers)}"
            url = f"{server}/postgres"
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA {name}")
            return f"{url}?options=-csearch_path%3D{name}"

        yield create


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/chainrule.db"
    return request.getfixturevalue("new_postgresql_url")()


@pytest.fixture
def open_store(database_url, tmp_path, clock):
    """A function that opens the same database again, as another process would."""
    stores = []

    def open_again(**options) -> Store:
        options.setdefault("clock", clock)
        stores.append(Store(database_url, data_directory=tmp_path / "data", **options))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store):
    return open_store()
