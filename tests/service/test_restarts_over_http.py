"""`restarts` over HTTP: many trainings as one job, whose network is the best one's."""

import numpy as np
import pytest
from problem import problem

XOR = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 7},
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
    "eta": 1.0,
    "iterations": 300,
}
MOONS = {
    "architecture": {"sizes": [2, 6, 1], "activations": ["relu", "sigmoid"], "seed": 3},
    "data": {"dataset": "moons", "samples": 40, "noise": 0.2, "seed": 1},
    "optimizer": "adam",
    "eta": 0.03,
    "iterations": 120,
    "batch_size": 8,
    "validation_fraction": 0.25,
}
FOREVER = XOR | {"iterations": 10_000_000, "eta": 0.01}


def start(client, question) -> str:
    accepted = client.post("/train", json=question)
    assert accepted.status_code == 202, accepted.text
    return accepted.headers["Location"]


def alone(client, question, seed) -> str:
    """The address of the training of that seed without restarts, finished."""
    plain = {key: value for key, value in question.items() if key != "restarts"}
    path = start(client, plain | {"architecture": question["architecture"] | {"seed": seed}})
    client.ended(path)
    return path


@pytest.mark.parametrize(
    "question",
    [XOR, MOONS, MOONS | {"data_parallel": 2}],
    ids=["stacked", "one by one", "in shards"],
)
def test_every_restart_is_the_training_of_its_seed_and_the_best_is_handed_out(client, question):
    path = start(client, question | {"restarts": 5})
    job = client.ended(path)
    assert job["state"] == "succeeded"
    assert job["iteration"] == job["iterations"]
    restarts = client.get(f"{path}/restarts").json()
    first = question["architecture"]["seed"]
    assert [one["seed"] for one in restarts] == list(range(first, first + 5))
    watched = []
    for one in restarts:
        peer = alone(client, question, one["seed"])
        plain = client.get(peer).json()
        assert plain["best_seed"] is None
        assert (one["loss"], one["metrics"]) == (plain["loss"], plain["metrics"])
        assert (one["iteration"], one["finished"], one["error"]) == (plain["iteration"], True, None)
        history = client.get(f"{peer}/history").json()
        curve = history["validation_loss"] or history["loss"][-1:]
        watched.append(min(loss for loss in curve if loss is not None))
    best = restarts[int(np.argmin(watched))]
    assert [one["best"] for one in restarts] == [one is best for one in restarts]
    assert (job["best_seed"], job["loss"]) == (best["seed"], best["loss"])
    assert job["metrics"] == best["metrics"]
    peer = alone(client, question, best["seed"])
    for what in ("/network", "/history", "/steps/1", "/steps/50", "/steps/120"):
        assert client.get(path + what).json() == client.get(peer + what).json(), what
    assert client.get(path + "/steps/301").status_code == 404
    assert client.get(path + "/plot").content == client.get(peer + "/plot").content


def test_while_they_train_every_key_is_there_and_the_best_so_far_is_shown(client):
    path = start(client, FOREVER | {"restarts": 40})
    accepted = client.get(path).json()
    assert accepted["best_seed"] == 7
    client.until(path, lambda job: job["iteration"] > 0)
    restarts = client.get(f"{path}/restarts").json()
    assert len(restarts) == 40
    assert sum(one["best"] for one in restarts) == 1
    keys = {"seed", "iteration", "loss", "metrics", "finished", "error", "best"}
    assert all(one.keys() == keys for one in restarts)
    assert not any(one["finished"] for one in restarts)
    assert len(client.get(f"{path}/network").json()["layers"]) == 2
    history = client.get(f"{path}/history").json()
    assert len(history["loss"]) == len(history["iteration"]) > 0
    assert client.post(f"{path}/cancel").json()["state"] == "cancelling"
    job = client.ended(path)
    assert job["state"] == "cancelled"
    best = next(one for one in client.get(f"{path}/restarts").json() if one["best"])
    assert (job["best_seed"], job["loss"]) == (best["seed"], best["loss"])
    events = client.get(f"{path}/events").text
    assert f'"best_seed":{best["seed"]}' in events


def test_a_time_limit_keeps_the_best_so_far(client):
    path = start(client, FOREVER | {"restarts": 20, "time_limit_seconds": 1.0})
    job = client.ended(path)
    assert (job["state"], job["error"]["title"]) == ("failed", "Time limit reached")
    restarts = client.get(f"{path}/restarts").json()
    best = next(one for one in restarts if one["best"])
    known = [one["loss"] for one in restarts if one["loss"] is not None]
    assert best["loss"] == job["loss"] == min(known)
    outputs = client.post(
        "/forward",
        json={
            "network": client.get(f"{path}/network").json(),
            "x": XOR["data"]["x"],
            "intermediates": False,
        },
    ).json()["output"]
    loss = 0.5 * np.mean((np.array(outputs) - XOR["data"]["y"]) ** 2)
    assert loss == pytest.approx(job["loss"], rel=1e-12)


def test_a_job_fails_only_when_all_diverge_and_each_says_why(client):
    line = {
        "architecture": {"sizes": [1, 1], "activations": "identity"},
        "data": {"x": [[1]], "y": [[2]]},
        "eta": 3.0,
        "iterations": 1000,
        "restarts": 3,
    }
    path = start(client, line)
    job = client.ended(path)
    assert job["state"] == "failed"
    assert job["error"]["type"] == "urn:chainrule:problem:diverged"
    assert job["error"]["detail"].startswith("each of the 3 restarts diverged; of seed ")
    restarts = client.get(f"{path}/restarts").json()
    for one in restarts:
        assert (one["loss"], one["finished"]) == (None, False)
        reason = f"the loss is inf after {one['iteration']} iterations with eta = 3"
        assert one["error"]["detail"].startswith(reason)
        assert client.get(alone(client, line, one["seed"])).json()["error"] == one["error"]
    assert client.get(f"{path}/network").status_code == 200
    # With eta = 3 the distance d to the minimum grows 5-fold in an iteration: after 220 of them d²
    # is beyond the floats where d was above 2.8 at first.
    path = start(client, line | {"iterations": 220, "restarts": 12})
    job = client.ended(path)
    assert job["state"] == "succeeded"
    restarts = client.get(f"{path}/restarts").json()
    lost = [one for one in restarts if one["error"]]
    assert 0 < len(lost) < 12
    assert all(one["finished"] == (one["error"] is None) for one in restarts)
    assert not any(one["best"] for one in lost)


def test_a_training_without_restarts_has_none(client):
    path = start(client, XOR)
    assert client.get(f"{path}/restarts").json() == []
    assert client.get(f"/train/{'0' * 32}/restarts").status_code == 404


@pytest.mark.parametrize("restarts", [0, 1025, 1.5, "3", True])
def test_restarts_are_1_to_1024(client, restarts):
    answer = client.post("/train", json=XOR | {"restarts": restarts})
    assert problem(answer, 422)["errors"][0]["pointer"] == "/restarts"


def test_only_an_architecture_can_be_started_again(client):
    unit = {"layers": [{"weights": [[1.0, 1.0]], "biases": [0.0], "activation": "sigmoid"}]}
    question = {"network": unit, "data": XOR["data"], "restarts": 2}
    found = problem(client.post("/train", json=question), 422)
    assert found["errors"][0]["pointer"] == "/restarts"
    assert "architecture" in found["detail"]


def test_the_last_seed_is_a_seed(client):
    late = XOR | {"architecture": XOR["architecture"] | {"seed": 2**53 - 2}}
    assert client.post("/train", json=late | {"restarts": 2}).status_code == 202
    found = problem(client.post("/train", json=late | {"restarts": 3}), 422)
    assert found["errors"][0]["pointer"] == "/restarts"


def test_restarts_cost_so_many_times_as_much_and_are_limited_by_it(client, open_service):
    def estimate(**changes):
        return client.post("/train/estimate", json=MOONS | changes).json()

    one, many = estimate(), estimate(restarts=50)
    assert many["operations"] == 50 * one["operations"]
    assert many["seconds"] == pytest.approx(50 * one["seconds"])
    assert many["memory_bytes"] > one["memory_bytes"]
    small = open_service(max_job_operations=3 * one["operations"])
    assert small.post("/train", json=MOONS | {"restarts": 3}).status_code == 202
    refused = small.post("/train", json=MOONS | {"restarts": 4})
    assert "operations" in problem(refused, 422)["detail"]


def test_all_parameters_together_are_limited(client):
    # 2·200 + 200 + 200·200 + 200 + 200 + 1 = 41,001 parameters: 487 times is below 20,000,000.
    wide = XOR | {"architecture": {"sizes": [2, 200, 200, 1]}}
    assert client.post("/train/estimate", json=wide | {"restarts": 487}).status_code == 200
    found = problem(client.post("/train/estimate", json=wide | {"restarts": 488}), 422)
    assert found["errors"][0]["pointer"] == "/restarts"
    assert "20,008,488 parameters of all restarts" in found["detail"]
