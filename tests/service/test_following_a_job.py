"""Events, waiting, validators, idempotency, estimates: following a job without polling."""

import json
import re

import numpy as np
import pytest

MOONS = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 100},
    "iterations": 300,
}
LONG = MOONS | {"iterations": 10_000_000}


def events_of(text: str) -> list[tuple[str, int, dict]]:
    """(name, id, data) of each event in the stream; comments left out."""
    found = re.findall(r"event: (\w+)\ndata: (.*)\nid: (\d+)\n\n", text)
    return [(name, int(number), json.loads(data)) for name, data, number in found]


def test_the_stream_tells_the_whole_life_of_a_job_and_then_ends(client):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    answer = client.get(f"{path}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    *changes, end = events_of(answer.text)
    assert [number for _, number, _ in changes] == list(range(1, len(changes) + 1))
    assert [data["state"] for _, _, data in changes][:2] == ["queued", "running"]
    assert changes[-1][2] == end[2] == client.get(path).json()
    assert end[0] == "end"


def test_comments_keep_a_stream_alive_on_which_nothing_happens(client, monkeypatch):
    monkeypatch.setattr("service.endpoints.jobs.events.KEEPALIVE_SECONDS", 0.05)
    path = client.post("/train", json=LONG | {"time_limit_seconds": 0.7}).headers["location"]
    answer = client.get(f"{path}/events")
    assert answer.text.count(": ping\n\n") > 2
    numbers = [number for _, number, _ in events_of(answer.text)]
    assert numbers[:-1] == list(range(1, len(numbers)))


@pytest.mark.parametrize("seen", [0, 1, 2])
def test_a_stream_taken_up_again_goes_on_right_after_the_last_event(client, seen):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    whole = events_of(client.get(f"{path}/events").text)
    rest = events_of(client.get(f"{path}/events", headers={"Last-Event-ID": str(seen)}).text)
    assert rest == whole[seen:]


def test_whoever_has_seen_everything_is_only_told_the_end(client):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    last = events_of(client.get(f"{path}/events").text)[-1]
    again = client.get(f"{path}/events", headers={"Last-Event-ID": str(last[1] - 1)}).text
    assert events_of(again) == [last]


def test_whoever_has_seen_the_end_is_told_by_204_not_to_reconnect(client):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    changes = events_of(client.get(f"{path}/events").text)
    assert len({number for _, number, _ in changes}) == len(changes)
    answer = client.get(f"{path}/events", headers={"Last-Event-ID": str(changes[-1][1])})
    assert (answer.status_code, answer.content) == (204, b"")


def test_prefer_wait_holds_the_answer_back_until_the_job_has_finished(client):
    answer = client.post("/train", json=MOONS, headers={"Prefer": "wait=30"})
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "wait=30"
    assert answer.json()["state"] == "succeeded"


def test_prefer_wait_gives_up_after_its_time(client):
    path = client.post("/train", json=LONG).headers["location"]
    answer = client.get(path, headers={"Prefer": "respond-async, wait=1"})
    assert answer.json()["state"] in ("queued", "running")
    assert answer.headers["retry-after"] == "1"
    client.delete(path)


def test_with_the_tag_of_what_is_known_waiting_ends_at_the_next_change(client):
    path = client.post("/train", json=LONG).headers["location"]
    known = client.get(path)
    headers = {"Prefer": "wait=30", "If-None-Match": known.headers["etag"]}
    changed = client.get(path, headers=headers)
    assert changed.status_code == 200
    assert changed.headers["etag"] != known.headers["etag"]
    client.delete(path)


@pytest.mark.parametrize("part", ["", "/network", "/history?points=50", "/plot", "/plot?show=loss"])
def test_what_has_not_changed_is_not_sent_again(client, part):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    tag = client.get(path + part).headers["etag"]
    again = client.get(path + part, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path + part, headers={"If-None-Match": '"other"'}).status_code == 200


def test_two_forms_of_one_thing_have_two_tags(client):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    addresses = [
        ("/plot", "image/png"),
        ("/plot", "image/svg+xml"),
        ("/plot?show=loss", "image/png"),
    ]
    answers = [client.get(path + part, headers={"Accept": form}) for part, form in addresses]
    assert len({answer.headers["etag"] for answer in answers}) == 3


def test_the_same_key_with_the_same_body_is_the_same_job(client):
    headers = {"Idempotency-Key": "once"}
    first, second = (client.post("/train", json=MOONS, headers=headers) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    other = client.post("/train", json=MOONS | {"iterations": 7}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (
        422,
        "urn:chainrule:problem:idempotency-key-reused",
    )
    assert client.post("/train", json=MOONS).json()["id"] != first.json()["id"]


def test_an_estimate_grows_with_the_work_and_trains_nothing(open_service):
    client = open_service()
    small = client.post("/train/estimate", json=MOONS).json()
    twice = client.post("/train/estimate", json=MOONS | {"iterations": 600}).json()
    assert twice["operations"] == pytest.approx(2 * small["operations"])
    # Beginning a training takes its time once.
    assert small["seconds"] < twice["seconds"] <= 2 * small["seconds"]
    assert client.get("/train").json()["jobs"] == []


@pytest.mark.parametrize(
    ("setting", "allowed", "quantity", "unit"),
    [
        ("max_job_operations", 1000, "operations", "operations"),
        ("max_job_bytes", 2**20, "memory_bytes", "bytes of memory"),
        ("max_job_seconds", 2, "seconds", "seconds of training"),
    ],
)
def test_a_training_dearer_than_allowed_is_refused_with_both_numbers(
    open_service, setting, allowed, quantity, unit
):
    client = open_service(**{setting: allowed})
    big = MOONS | {"data": {"dataset": "moons", "samples": 10_000}, "iterations": 10_000}
    asked = client.post("/train/estimate", json=big).json()[quantity]
    refusal = client.post("/train", json=big)
    assert refusal.status_code == 422
    assert f"{asked:,.0f} {unit}; at most {allowed:,.0f} are allowed" == refusal.json()["detail"]


def test_a_job_over_its_time_limit_fails_and_keeps_its_network(client):
    path = client.post("/train", json=LONG | {"time_limit_seconds": 0.5}).headers["location"]
    job = client.ended(path)
    assert job["state"] == "failed"
    assert job["error"]["type"] == "urn:chainrule:problem:time-limit-reached"
    assert 0 < job["iteration"] < LONG["iterations"]
    network = client.get(f"{path}/network").json()
    assert client.post("/forward", json={"network": network, "x": [0, 0]}).status_code == 200


def test_diverged_training_says_after_which_iteration_and_what_to_do(client):
    wild = MOONS | {
        "architecture": {"sizes": [2, 8, 1], "activations": ["relu", "identity"]},
        "eta": 1e6,
    }
    job = client.ended(client.post("/train", json=wild).headers["location"])
    assert job["state"] == "failed"
    assert re.search(
        r"after \d+ iterations with eta = 1e\+06: try a lower eta", job["error"]["detail"]
    )


def test_every_step_of_a_training_can_be_looked_at_again(client):
    batches = MOONS | {"batch_size": 16, "optimizer": "adam", "seed": 5}
    path = client.post("/train", json=batches).headers["location"]
    client.ended(path)
    step = client.get(f"{path}/steps/123").json()
    question = {"network": step["network"], "x": step["x"], "y": step["y"]}
    answer = client.post("/backprop", json=question).json()
    assert (step["loss"], step["layers"]) == (answer["loss"], answer["layers"])
    for layer, update in zip(step["network"]["layers"], step["updates"], strict=True):
        layer["weights"] = (np.array(layer["weights"]) + update["weights"]).tolist()
        layer["biases"] = (np.array(layer["biases"]) + update["biases"]).tolist()
    following = client.get(f"{path}/steps/124").json()["network"]
    for updated, layer in zip(step["network"]["layers"], following["layers"], strict=True):
        np.testing.assert_allclose(updated["weights"], layer["weights"], rtol=1e-12, atol=1e-15)


def test_a_step_that_was_not_made_is_not_there(client):
    path = client.post("/train", json=MOONS).headers["location"]
    client.ended(path)
    refusal = client.get(f"{path}/steps/301")
    assert refusal.status_code == 404
    assert refusal.json()["detail"] == (
        "there is no iteration 301: the job has made 300 iterations so far"
    )
