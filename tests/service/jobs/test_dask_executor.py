"""Jobs on a cluster whose every part goes down once, with two services on one database."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections import Counter

import pytest
from dask_cluster import Certificate, DaskCluster, until_slots
from driving import (
    PATIENCE_SECONDS,
    assert_every_move_was_legal,
    assert_history_is_whole,
    counting,
)
from postgresql_server import binary

from service.jobs.errors import WorkerLost
from service.jobs.executors.dask_connection import Tls
from service.jobs.executors.dask_executor import DaskExecutor
from service.jobs.job import FINISHED, JobState
from tests.patience import patience


@pytest.fixture
def clock():
    return time.time


@pytest.fixture
def database_url(request, tmp_path):
    """What services on several hosts would share, where it is installed."""
    if binary("postgres") is None:
        return f"sqlite:///{tmp_path}/chainrule.db"
    return request.getfixturevalue("new_postgresql_url")()


@pytest.fixture
def cluster(tmp_path):
    """One of the test's own, to be ill-treated."""
    cluster = DaskCluster(tmp_path)
    cluster.start_scheduler()
    cluster.start_worker()
    cluster.start_worker()
    yield cluster
    cluster.close()


def start_service(database_url, tmp_path, cluster):
    command = [sys.executable, "-m", "cluster_service", database_url, str(tmp_path / "data")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([*command, cluster.address], env=environment)


def finished_jobs(store) -> int:
    counts = store.count_by_state()
    return sum(counts[state] for state in FINISHED)


def wait_for(store, jobs: int, seconds: float = 4 * PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + patience(seconds)
    while finished_jobs(store) < jobs:
        assert time.monotonic() < deadline, store.count_by_state()
        time.sleep(0.1)


def test_fifty_jobs_survive_a_worker_the_scheduler_and_a_service(
    store, database_url, tmp_path, cluster
):
    services = [start_service(database_url, tmp_path, cluster) for _ in range(2)]
    try:
        jobs = [store.accept(counting(iterations=50)).id for _ in range(50)]
        wait_for(store, 10)
        cluster.kill_worker()
        cluster.start_worker()
        wait_for(store, 20)
        services[0].kill()
        wait_for(store, 30)
        cluster.kill_scheduler()
        cluster.start_scheduler()
        # Dask's workers leave with their scheduler; what starts them is what restarts them.
        cluster.start_worker()
        cluster.start_worker()
        wait_for(store, 50)
    finally:
        for service in services:
            service.terminate()
            service.wait(patience(20))
    ends = [store.find(job_id) for job_id in jobs]
    assert Counter(job.state for job in ends) == {JobState.SUCCEEDED: 50}
    for job in ends:
        assert_history_is_whole(store, job)
        assert_every_move_was_legal(store, job)
        states = [event.job.state for event in store.events(job.id)]
        assert states.count(JobState.SUCCEEDED) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_an_encrypted_cluster_serves_who_has_the_certificate_and_nobody_else(runner, tmp_path):
    certificate = Certificate.make(tmp_path)
    cluster = DaskCluster(tmp_path, certificate)
    cluster.start_scheduler()
    cluster.start_worker()
    ours = Tls(certificate.certificate_file, certificate.certificate_file, certificate.key_file)
    strangers = Tls(certificate.certificate_file, "", "")

    async def scenario():
        engine, stranger = (
            DaskExecutor(cluster.address, ours),
            DaskExecutor(cluster.address, strangers),
        )
        await until_slots(engine, 1)
        await engine.call(time.sleep, 0.0)
        with pytest.raises(WorkerLost):
            await stranger.call(time.sleep, 0.0)
        assert stranger.slots == 0
        await engine.close()
        await stranger.close()

    try:
        runner.run(scenario())
    finally:
        cluster.close()


def test_without_workers_there_are_no_slots_and_no_call_waits_for_ever(runner, cluster):
    async def scenario():
        engine = DaskExecutor(cluster.address)
        await until_slots(engine, 2)
        hanging = asyncio.create_task(engine.call(time.sleep, 60.0))
        await asyncio.sleep(0.5)
        cluster.kill_worker()
        cluster.kill_worker()
        async with asyncio.timeout(patience(20)):
            with pytest.raises(WorkerLost):
                await hanging
            while engine.slots:
                await asyncio.sleep(0.05)
        with pytest.raises(WorkerLost, match="has no workers"):
            await engine.call(time.sleep, 0.0)
        cluster.start_worker()
        await until_slots(engine, 1)
        await engine.call(time.sleep, 0.0)
        await engine.close()

    runner.run(scenario())
