"""A job over HTTP: accepted, followed, used, listed, cancelled, forgotten, refused when full."""

from datetime import UTC, datetime

import numpy as np
import pytest
from problem import problem

MOONS = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"dataset": "moons", "samples": 60, "seed": 2},
    "eta": 0.5,
    "iterations": 200,
}
FOREVER = MOONS | {"iterations": 10_000_000}
KEYS = {
    "name",
    "tags",
    "training",
    "warnings",
    "id", "state", "iteration", "iterations", "loss", "metrics", "best_seed", "attempt",
    "created_at", "started_at", "finished_at", "error",
}  # fmt: skip
METRICS = {"accuracy", "validation_loss", "validation_accuracy"}


def start(client, **changes) -> str:
    """The address of a new job."""
    accepted = client.post("/train", json=MOONS | changes)
    assert accepted.status_code == 202, accepted.text
    return accepted.headers["Location"]


def running(client) -> str:
    """The address of a job that trains and will not finish by itself."""
    path = start(client, **FOREVER)
    client.until(path, lambda job: job["iteration"] > 0)
    return path


def test_acceptance_says_where_to_ask_and_when(client):
    accepted = client.post("/train", json=MOONS)
    assert accepted.status_code == 202
    job = accepted.json()
    assert accepted.headers["Location"] == f"/train/{job['id']}"
    assert int(accepted.headers["Retry-After"]) >= 1
    assert job["state"] == "queued"
    assert (job["iteration"], job["iterations"], job["attempt"]) == (0, 200, 0)
    assert job["started_at"] is job["finished_at"] is job["error"] is None
    assert abs((datetime.now(UTC) - datetime.fromisoformat(job["created_at"])).seconds) < 60


def test_every_key_is_there_from_the_first_answer_to_the_last(client):
    path = start(client)
    states = []

    def look(job):
        assert job.keys() == KEYS | {"best_iteration", "last", "stopped_early"}
        assert job["metrics"].keys() == METRICS
        states.append(job["state"])
        return job["finished_at"] is not None

    job = client.until(path, look)
    order = ["queued", "running", "succeeded"]
    assert states == sorted(states, key=order.index)
    assert job["iteration"] == job["iterations"] == 200
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    assert job["attempt"] == 1
    assert "Retry-After" not in client.get(path).headers


def test_the_history_begins_with_the_first_loss_and_ends_with_the_last(client):
    accepted = client.post("/train", json=MOONS)
    path = accepted.headers["Location"]
    job = client.ended(path)
    history = client.get(path + "/history").json()
    assert history["iteration"] == list(range(201))
    assert history["loss"][0] == pytest.approx(accepted.json()["loss"], rel=1e-14)
    assert history["loss"][-1] == job["loss"]
    assert history["validation_loss"] is history["validation_accuracy"] is None


def test_a_short_history_keeps_the_ends_and_the_peak(client):
    path = start(client, iterations=2000)
    client.ended(path)
    whole = client.get(path + "/history").json()
    short = client.get(path + "/history?points=10").json()
    assert len(short["loss"]) <= 10
    assert short["iteration"][0] == 0
    assert short["iteration"][-1] == 2000
    assert max(short["loss"]) == max(whole["loss"])
    known = dict(zip(whole["iteration"], whole["loss"], strict=True))
    assert [known[iteration] for iteration in short["iteration"]] == short["loss"]


def test_validation_samples_have_their_own_curve_and_metrics(client):
    path = start(client, validation_fraction=0.25, batch_size=15)
    job = client.ended(path)
    assert all(job["metrics"][name] is not None for name in METRICS)
    history = client.get(path + "/history").json()
    assert len(history["validation_loss"]) == len(history["iteration"])
    measured = [loss for loss in history["validation_loss"] if loss is not None]
    assert measured[-1] == pytest.approx(job["metrics"]["validation_loss"])


def test_the_trained_network_is_what_forward_takes(client):
    path = start(client)
    job = client.ended(path)
    network = client.get(path + "/network").json()
    data = client.get("/datasets/moons?samples=60&seed=2").json()
    question = {"network": network, "x": data["x"]}
    answer = client.post("/forward", json=question)
    assert answer.status_code == 200
    output, y = np.array(answer.json()["output"]), np.array(data["y"])
    assert 0.5 * np.mean((output - y) ** 2) == pytest.approx(job["loss"])
    assert np.mean((output > 0.5) == (y > 0.5)) == job["metrics"]["accuracy"]


def test_training_goes_on_from_a_trained_network(client):
    # 200 steps and 200 more are 400 steps: gradient descent has no memory.
    once = start(client, iterations=400)
    first = start(client)
    client.ended(first)
    network = client.get(first + "/network").json()
    again = {key: value for key, value in MOONS.items() if key != "architecture"}
    second = client.post("/train", json=again | {"network": network}).headers["Location"]
    losses = [client.ended(path)["loss"] for path in (once, second)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)


def test_training_that_diverges_fails_and_says_so(client):
    changes = {"architecture": {"sizes": [2, 8, 1], "activations": "identity"}, "eta": 1e6}
    job = client.ended(start(client, **changes))
    assert job["state"] == "failed"
    assert job["error"].keys() == {"type", "title", "status", "detail", "errors"}
    assert job["error"]["type"] == "urn:chainrule:problem:diverged"
    assert "iteration" in job["error"]["detail"]


def test_early_stopping_ends_before_the_last_iteration(client):
    patience = {"patience": 3, "min_delta": 1.0}  # no loss in this test falls by 1
    job = client.ended(start(client, early_stopping=patience))
    assert job["state"] == "succeeded"
    assert job["iteration"] < job["iterations"]


def test_a_running_job_is_cancelled_within_a_second_or_so_and_keeps_its_network(open_service):
    client = open_service()
    path = running(client)
    answer = client.post(path + "/cancel")
    assert answer.status_code == 200
    assert answer.json()["state"] in ("cancelling", "cancelled")
    job = client.ended(path)
    assert job["state"] == "cancelled"
    assert 0 < job["iteration"] < job["iterations"]
    network = client.get(path + "/network").json()
    assert client.post("/forward", json={"network": network, "x": [0, 0]}).status_code == 200


def test_a_waiting_job_is_cancelled_at_once(open_service):
    client = open_service()
    running(client)
    waiting = start(client)
    assert client.post(waiting + "/cancel").json()["state"] == "cancelled"


def test_a_finished_job_can_no_longer_be_cancelled(client):
    path = start(client)
    client.ended(path)
    document = problem(client.post(path + "/cancel"), 409)
    assert document["type"] == "urn:chainrule:problem:invalid-state-transition"
    assert "succeeded" in document["detail"]


@pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
def test_a_forgotten_job_leaves_nothing_behind(open_service, state):
    client = open_service()
    path = start(client) if state == "succeeded" else running(client)
    if state == "succeeded":
        client.ended(path)
    if state == "queued":
        path = start(client)
    gone = client.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for rest in ("", "/history", "/network", "/plot"):
        problem(client.get(path + rest), 404)
    problem(client.delete(path), 404)
    assert path.split("/")[-1] not in client.get("/train").text


def test_the_slot_of_a_forgotten_job_is_free_again(open_service):
    client = open_service()
    client.delete(running(client))
    assert client.ended(start(client))["state"] == "succeeded"


def test_the_list_is_newest_first_and_its_pages_are_the_whole(open_service):
    client = open_service()
    made = [start(client, iterations=1).split("/")[-1] for _ in range(7)]
    found, address = [], "/train?limit=3"
    for length in (3, 3, 1):
        page = client.get(address).json()
        assert page.keys() == {"jobs", "next"}
        assert len(page["jobs"]) == length
        found += [job["id"] for job in page["jobs"]]
        address = f"/train?limit=3&cursor={page['next']}"
    assert page["next"] is None
    assert found == made[::-1]


def test_the_list_can_be_of_one_state(open_service):
    client = open_service()
    done = start(client)
    client.ended(done)
    busy = running(client)
    waiting = start(client)
    for state, path in (("succeeded", done), ("running", busy), ("queued", waiting)):
        jobs = client.get(f"/train?state={state}").json()["jobs"]
        assert [f"/train/{job['id']}" for job in jobs] == [path]
    assert client.get("/train?state=failed").json() == {"jobs": [], "next": None}


def test_when_the_queue_is_full_the_answer_is_503_and_nothing_is_half_accepted(open_service):
    client = open_service(max_queued_jobs=2)
    busy = running(client)
    waiting = [start(client) for _ in range(2)]
    refused = client.post("/train", json=MOONS)
    document = problem(refused, 503)
    assert document["type"] == "urn:chainrule:problem:queue-full"
    assert "maximum of 2 jobs" in document["detail"]
    assert int(refused.headers["Retry-After"]) >= 1
    kept = {f"/train/{job['id']}" for job in client.get("/train").json()["jobs"]}
    assert kept == {busy, *waiting}
    client.delete(waiting[0])
    assert client.post("/train", json=MOONS).status_code == 202


def test_two_services_on_one_database_know_the_same_jobs(open_service):
    one = open_service()
    path = start(one)
    job = one.ended(path)
    assert open_service().get(path).json() == job
