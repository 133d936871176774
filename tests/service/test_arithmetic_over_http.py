"""The arithmetic of a training is decided when it is accepted, recorded, shown and kept to."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.errors import ArithmeticUnavailable
from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.compiled import cache
from core.training.compiled.arithmetic import LANES, NUMPY
from core.training.config import TrainingConfig
from core.training.optimizers import Adam
from core.training.trainer import LocalTrainer
from service.jobs import failures
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.training.config_json import to_text
from service.jobs.training.task import train_slice
from service.settings import Settings
from service.submission.arithmetic import with_arithmetic
from tests.kills import killed_in_time

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [[0.0], [1.0], [1.0], [0.0]]
QUESTION = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 4},
    "data": {"x": X, "y": Y},
    "optimizer": "adam",
    "iterations": 5000,
}


@pytest.fixture(scope="module")
def _kernels():
    """The compiled kernels; without them the tests are skipped."""
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    if not cache.is_ready():
        subprocess.run([sys.executable, "-m", "core.training.compiled.warm_up"], check=True)


def config(arithmetic):
    return TrainingConfig(
        (2, 3, 1), ("tanh", "sigmoid"), optimizer=Adam(), iterations=5000, arithmetic=arithmetic
    )


def trained_here(arithmetic):
    """The last layer's weights of the same training in this process."""
    specification = config(arithmetic)
    layers = initial_layers((2, 3, 1), specification.activations, np.random.default_rng(4))
    trainer = LocalTrainer(
        specification, np.array(X), np.array(Y), first_checkpoint(specification, layers)
    )
    trainer.run(5000)
    return trainer.checkpoint().layers(specification)[-1].weights.tolist()


@pytest.mark.usefixtures("_kernels")
@pytest.mark.parametrize(("setting", "arithmetic"), [("auto", LANES), ("numpy", NUMPY)])
def test_a_job_is_trained_with_the_arithmetic_that_it_shows(open_service, setting, arithmetic):
    client = open_service(arithmetic=setting)
    address = client.post("/train", json=QUESTION).headers["Location"]
    job = client.ended(address)
    assert job["state"] == "succeeded"
    assert job["training"]["arithmetic"] == arithmetic
    network = client.get(f"{address}/network").json()
    assert network["layers"][-1]["weights"] == trained_here(arithmetic)
    history = client.get(f"{address}/history").json()
    assert len(history["loss"]) == len(history["iteration"])
    assert history["loss"][-1] < history["loss"][0]


@pytest.mark.usefixtures("_kernels")
def test_a_replayed_iteration_begins_where_a_shorter_training_ends(open_service):
    client = open_service(arithmetic="auto")
    longer, shorter = (
        client.post("/train", json=QUESTION | {"iterations": count}).headers["Location"]
        for count in (301, 300)
    )
    for address in (longer, shorter):
        assert client.ended(address)["training"]["arithmetic"] == LANES
    step = client.get(f"{longer}/steps/301").json()
    assert step["network"] == client.get(f"{shorter}/network").json()


@pytest.mark.usefixtures("_kernels")
def test_restarts_are_the_bits_of_their_seeds(open_service):
    client = open_service(arithmetic="auto")
    question = QUESTION | {"iterations": 200}
    address = client.post("/train", json=question | {"restarts": 3}).headers["Location"]
    best = client.ended(address)
    assert best["state"] == "succeeded"
    alone = dict(question, architecture=question["architecture"] | {"seed": best["best_seed"]})
    other = client.post("/train", json=alone).headers["Location"]
    client.ended(other)
    assert client.get(f"{address}/network").json() == client.get(f"{other}/network").json()


@pytest.mark.usefixtures("_kernels")
@pytest.mark.parametrize(
    ("settings", "changes", "arithmetic"),
    [
        ({"arithmetic": "auto"}, {}, LANES),
        ({"arithmetic": "numpy"}, {}, NUMPY),
        ({"arithmetic": "auto"}, {"sizes": (2, 500, 1)}, NUMPY),
        ({"arithmetic": "auto", "dask_scheduler": "tcp://127.0.0.1:1"}, {}, NUMPY),
        ({"arithmetic": "lanes", "dask_scheduler": "tcp://127.0.0.1:1"}, {}, LANES),
    ],
    ids=["auto", "numpy", "too wide", "workers elsewhere", "workers that have them"],
)
def test_the_choice_at_acceptance(settings, changes, arithmetic):
    chosen = with_arithmetic(replace(config(NUMPY), **changes), Settings(**settings))
    assert chosen.arithmetic == arithmetic


def test_without_kernels_everything_is_numpys(monkeypatch):
    monkeypatch.setattr(cache, "is_ready", lambda: False)
    assert with_arithmetic(config(NUMPY), Settings(arithmetic="auto")).arithmetic == NUMPY


def test_a_worker_without_the_kernels_fails_the_job_by_name(monkeypatch):
    monkeypatch.setattr(cache, "is_ready", lambda: False)
    specification = config(LANES)
    layers = initial_layers((2, 3, 1), specification.activations, np.random.default_rng(4))
    start = first_checkpoint(specification, layers).to_bytes()
    with pytest.raises(ArithmeticUnavailable) as error:
        train_slice(to_text(specification), np.hstack([X, Y]), start, 0.1)
    failure = failures.of_error(error.value)
    assert failure.name == "arithmetic-unavailable"
    assert "'lanes-1'" in failure.detail


@pytest.mark.usefixtures("_kernels")
@pytest.mark.parametrize("arithmetic", [NUMPY, LANES])
def test_a_killed_worker_changes_no_bit(open_service, arithmetic):
    setting = "auto" if arithmetic == LANES else "numpy"
    client = open_service(arithmetic=setting)

    def trained(length):
        # Some seconds, of which the first progress is written after one.
        iterations = 4_000_000 if arithmetic == LANES else 150_000
        data = {"x": 4 * length * X, "y": 4 * length * Y}
        question = QUESTION | {"iterations": iterations, "data": data}
        address = client.post("/train", json=question).headers["Location"]
        client.until(address, lambda job: job["iteration"] > 0)
        for process_id in _worker_processes(client):
            os.kill(process_id, 9)
        job = client.ended(address)
        return (question, address, job) if job["attempt"] > 1 else None

    question, address, job = killed_in_time(trained)
    assert (job["state"], job["training"]["arithmetic"]) == ("succeeded", arithmetic)
    undisturbed = client.post("/train", json=question).headers["Location"]
    assert client.ended(undisturbed)["attempt"] == 1
    one, other = (client.get(f"{path}/network").json() for path in (address, undisturbed))
    assert one == other


def _worker_processes(client):
    import psutil

    return [
        child.pid
        for child in psutil.Process().children()
        if "service.jobs.executors.worker" in child.cmdline()
    ]


@pytest.mark.usefixtures("_kernels")
@pytest.mark.parametrize("loads_kernels", [True, False])
def test_a_worker_loads_the_kernels_before_its_first_call(loads_kernels):
    async def modules():
        executor = ProcessExecutor(1, loads_kernels=loads_kernels)
        try:
            return await executor.call(eval, "set(__import__('sys').modules)")
        finally:
            await executor.close()

    loaded = asyncio.run(modules())
    assert ("llvmlite.binding" in loaded) == loads_kernels
    assert "numba" not in loaded  # it would take 0.7 s of processor time
