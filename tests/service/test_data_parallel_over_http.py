"""A training in shards, asked for over HTTP, is the core's with as many shards."""

import numpy as np
import pytest
from problem import refusal

from core.datasets import dataset
from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import Adam
from core.training.trainer import LocalTrainer

QUESTION = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"], "seed": 4},
    "data": {"dataset": "moons", "samples": 50, "noise": 0.1, "seed": 4},
    "loss": "binary_cross_entropy",
    "optimizer": "adam",
    "iterations": 90,
    "batch_size": 15,
    "seed": 4,
    "validation_fraction": 0.2,
    "data_parallel": 3,
}


@pytest.fixture(scope="module")
def expected() -> tuple[TrainingConfig, Checkpoint]:
    specification = TrainingConfig(
        sizes=(2, 8, 1),
        activations=("tanh", "sigmoid"),
        loss="binary_cross_entropy",
        optimizer=Adam(),
        iterations=90,
        batch_size=15,
        seed=4,
        validation_fraction=0.2,
        data_parallel=3,
    )
    generator = np.random.default_rng(4)
    start = first_checkpoint(
        specification, initial_layers((2, 8, 1), ("tanh", "sigmoid"), generator)
    )
    x, y = dataset("moons").make(50, 0.1, np.random.default_rng(4))
    training = LocalTrainer(specification, x, y, start)
    training.run(90)
    return specification, training.checkpoint()


@pytest.fixture
def path(client):
    path = client.post("/train", json=QUESTION).headers["Location"]
    job = client.ended(path)
    assert (job["state"], job["iteration"], job["attempt"]) == ("succeeded", 90, 1)
    return path


def test_the_network_is_the_cores_bit_for_bit(client, path, expected):
    specification, checkpoint = expected
    layers = client.get(f"{path}/network").json()["layers"]
    for answered, layer in zip(layers, checkpoint.layers(specification), strict=True):
        np.testing.assert_array_equal(answered["weights"], layer.weights)
        np.testing.assert_array_equal(answered["biases"], layer.biases)


def test_its_history_and_any_of_its_iterations_can_be_looked_at(client, path):
    history = client.get(f"{path}/history").json()
    assert history["iteration"][-1] == 90
    assert np.count_nonzero([value is not None for value in history["validation_loss"]]) == 30
    assert client.get(f"{path}/steps/37").status_code == 200


def test_more_shards_than_the_smallest_batch_has_samples_are_refused(client):
    # 40 samples to train on in batches of 15: the last of an epoch has 10.
    for shards, words in ((11, ["11", "10 samples"]), (0, ["equal to 1"]), (65, ["equal to 64"])):
        answer = client.post("/train", json=QUESTION | {"data_parallel": shards})
        refusal(answer, 422, "/data_parallel", *words)


def test_an_estimate_knows_what_workers_exchange(client):
    def seconds(**changes):
        return client.post("/train/estimate", json=QUESTION | changes).json()["seconds"]

    # So small a network does not pay; one whose gradients take a second does.
    assert seconds(data_parallel=None) < seconds(data_parallel=1) < seconds(data_parallel=2)
    large = {
        "architecture": {"sizes": [2, 1000, 1000, 1], "activations": "sigmoid"},
        "data": {"dataset": "moons", "samples": 10_000},
        "batch_size": None,
    }
    halves = seconds(**large, data_parallel=2) / seconds(**large, data_parallel=None)
    assert 0.5 < halves < 0.6
