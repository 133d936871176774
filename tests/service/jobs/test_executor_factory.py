"""The settings say where jobs are trained; the service does the rest."""

import httpx
import pytest

from service.jobs.executors.dask_executor import DaskExecutor
from service.jobs.executors.factory import open_executor
from service.jobs.executors.process_executor import ProcessExecutor
from service.settings import Settings
from tests.acceptance.server import running
from tests.patience import patience

XOR = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
    "eta": 1.0,
    "iterations": 3000,
}


@pytest.mark.parametrize(
    ("scheduler", "kind"), [("", ProcessExecutor), ("tcp://127.0.0.1:1", DaskExecutor)]
)
def test_a_scheduler_in_the_settings_means_a_cluster(runner, scheduler, kind):
    async def scenario():
        engine = open_executor(Settings(dask_scheduler=scheduler, workers=1))
        await engine.close()
        return type(engine)

    assert runner.run(scenario()) is kind


def test_the_service_trains_on_the_cluster_what_it_trains_here(dask_cluster, tmp_path):
    networks = []
    for place, scheduler in (("here", ""), ("there", dask_cluster.address)):
        folder = tmp_path / place
        folder.mkdir()
        with (
            running(folder, CHAINRULE_DASK_SCHEDULER=scheduler) as address,
            httpx.Client(base_url=address, timeout=patience(70)) as client,
        ):
            path = client.post("/train", json=XOR).headers["Location"]
            job = client.get(path, headers={"Prefer": "wait=60"}).json()
            assert job["state"] == "succeeded"
            networks.append(client.get(f"{path}/network").json())
    assert networks[0] == networks[1]
