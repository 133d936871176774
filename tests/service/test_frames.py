"""GET /train/{id}/frames: the parameters of a training along the way."""

import time
from dataclasses import replace

import numpy as np
import pytest
from problem import problem, refusal

from service.jobs.job import JobState
from service.results.frames import frames_of
from service.results.history import history_of

MOONS = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 30, "seed": 3},
    "iterations": 1000,
    "eta": 0.5,
}


def parameters_of(network):
    """Layer by layer, the weights row by row and then the biases."""
    return [
        number
        for layer in network["layers"]
        for row in (*layer["weights"], layer["biases"])
        for number in row
    ]


@pytest.fixture(scope="module")
def path(client):
    path = client.post("/train", json=MOONS).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    return path


def test_frames_are_the_networks_that_the_steps_show(client, path):
    frames = client.get(f"{path}/frames").json()
    assert frames["sizes"] == [2, 3, 1]
    assert frames["iteration"] == [*range(0, 1000, 5), 1000]
    history = client.get(f"{path}/history").json()
    assert frames["loss"] == [history["loss"][k] for k in frames["iteration"]]
    for place in (0, 1, 77, 199):
        step = client.get(f"{path}/steps/{frames['iteration'][place] + 1}?rows=none").json()
        assert frames["parameters"][place] == parameters_of(step["network"])
    network = client.get(f"{path}/network").json()
    assert frames["parameters"][-1] == parameters_of(network)


def test_a_choice_of_frames_is_even_and_has_the_last(client, path):
    whole = client.get(f"{path}/frames").json()
    later = client.get(f"{path}/frames?after=500").json()
    assert later["iteration"] == [k for k in whole["iteration"] if k > 500]
    few = client.get(f"{path}/frames?at_most=11").json()
    assert len(few["iteration"]) == 11
    assert (few["iteration"][0], few["iteration"][-1]) == (0, 1000)
    gaps = np.diff(few["iteration"])
    assert gaps.max() - gaps.min() <= 5
    assert client.get(f"{path}/frames?at_most=1").json()["iteration"] == [1000]
    none = client.get(f"{path}/frames?after=1000").json()
    assert (none["iteration"], none["loss"], none["parameters"]) == ([], [], [])


def test_as_octets_they_are_the_same_numbers_in_float32(client, path):
    frames = client.get(f"{path}/frames").json()
    octets = client.get(f"{path}/frames", headers={"Accept": "application/octet-stream"})
    assert octets.headers["content-type"] == "application/octet-stream"
    rows = np.frombuffer(octets.content, "<f4").reshape(len(frames["iteration"]), -1)
    assert rows[:, 0].tolist() == frames["iteration"]
    np.testing.assert_array_equal(rows[:, 1], np.float32(frames["loss"]))
    np.testing.assert_array_equal(rows[:, 2:], np.float32(frames["parameters"]))


def test_what_has_not_changed_is_not_sent_again(client, path):
    found = client.get(f"{path}/frames?at_most=7")
    again = client.get(f"{path}/frames?at_most=7", headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "choices",
    [
        {"batch_size": 7},
        {"validation_fraction": 0.3, "early_stopping": {"patience": 3}, "eta": 5},
        {"data_parallel": 2, "iterations": 60},
        {"precision": "float32"},
        {"iterations": 1},
    ],
    ids=["batches", "early stopping", "shards", "float32", "one iteration"],
)
def test_every_kind_of_training_has_frames_up_to_its_last_iteration(client, choices):
    path = client.post("/train", json=MOONS | choices).headers["location"]
    job = client.ended(path)
    frames = client.get(f"{path}/frames").json()
    assert frames["iteration"][0] == 0
    assert frames["iteration"][-1] == job["iteration"]
    last = client.get(f"{path}/network?at=last").json()
    np.testing.assert_array_equal(
        np.float32(frames["parameters"][-1]), np.float32(parameters_of(last))
    )
    assert len(frames["loss"]) == len(frames["parameters"]) == len(frames["iteration"])


def test_frames_come_while_the_training_goes_on_and_stay_after_a_divergence(client):
    path = client.post("/train", json=MOONS | {"iterations": 10**7}).headers["location"]
    client.until(path, lambda job: job["iteration"] > 0)
    deadline = time.monotonic() + 60
    while not client.get(f"{path}/frames").json()["iteration"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    client.post(f"{path}/cancel")
    linear = {"sizes": [2, 1], "activations": "identity"}
    diverging = MOONS | {"architecture": linear, "eta": 1e200}
    path = client.post("/train", json=diverging).headers["location"]
    assert client.ended(path)["state"] == "failed"
    assert client.get(f"{path}/frames").json()["iteration"][0] == 0


def test_what_has_no_frames_says_why(client):
    wide = MOONS | {"architecture": {"sizes": [2, 1024, 2, 1], "activations": "tanh"}}
    path = client.post("/train", json=wide | {"iterations": 2}).headers["location"]
    client.ended(path)
    found = problem(client.get(f"{path}/frames"), 404)
    assert "5125 parameters; frames are kept of up to 4096" in found["detail"]
    path = client.post("/train", json=MOONS | {"restarts": 2, "iterations": 2}).headers["location"]
    client.ended(path)
    assert "restarts" in problem(client.get(f"{path}/frames"), 404)["detail"]
    refusal(client.get(f"{path}/frames?at_most=0"), 422, "/query/at_most")
    refusal(client.get(f"{path}/frames?after=-2"), 422, "/query/after")


def test_frames_of_a_scaled_training_take_numbers_as_they_are(client):
    generator = np.random.default_rng(5)
    x = generator.normal([100.0, -3.0], [20.0, 0.01], (20, 2))
    y = 50.0 + x[:, :1] / 10.0
    question = {
        "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "identity"]},
        "data": {"x": x.tolist(), "y": y.tolist()},
        "iterations": 240,
        "standardize": True,
    }
    path = client.post("/train", json=question).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    frames = client.get(f"{path}/frames").json()
    assert frames["iteration"] == [*range(241)]
    assert frames["parameters"][-1] == parameters_of(client.get(f"{path}/network?at=last").json())
    for k in (0, 100, 240):
        row = np.array(frames["parameters"][k])
        hidden = np.tanh(x @ row[:6].reshape(3, 2).T + row[6:9])
        output = hidden @ row[9:12, None] + row[12]
        measured = 0.5 * np.mean((output - y) ** 2) / y.var()
        assert frames["loss"][k] == pytest.approx(measured, rel=1e-9)


@pytest.mark.parametrize("iteration", [0, 3, 500, 999])
def test_what_is_stored_after_the_job_was_read_waits_for_the_next_answer(client, path, iteration):
    store = client.app.state.job_system.store
    job = store.find(path.rsplit("/", 1)[1])
    earlier = replace(job, state=JobState.RUNNING, iteration=iteration, loss=None, metrics={})
    first = frames_of(store, earlier, -1, 241)
    assert first.iteration.tolist() == [*range(0, iteration, 5)]
    rest = frames_of(store, job, int(first.iteration.max(initial=-1)), 241)
    whole = client.get(f"{path}/frames").json()
    assert [*first.iteration, *rest.iteration] == whole["iteration"]
    assert [*first.loss, *rest.loss] == whole["loss"]
    history = history_of(store, earlier, 10000)
    assert history.loss.tolist() == client.get(f"{path}/history").json()["loss"][:iteration]
