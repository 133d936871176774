"""`Prefer: respond-async`: an approximation as a job, with the answer it would have had at once."""

import numpy as np
import pytest
from problem import problem, refusal

LATER = {"Prefer": "respond-async"}
SINE = {"function": "sin(x)", "interval": [0, 3]}
TABLE = {"samples": {"x": [0, 1, 1, 3], "y": [0, 1, 1.25, 0.5]}, "tolerance": 0.3}
QUESTIONS = [
    SINE | {"n": 5},
    SINE | {"tolerance": 1e-3, "side": "below", "quantize": {"bits": 20}},
    SINE | {"n": 9, "grid": "greedy", "outside": "linear"},
    SINE | {"grid": [0.0, 0.5, 1.5], "interval": None, "error": "relative", "function": "1 + x"},
    {"function": "where(x == 0, 0, x*sin(1/x))", "interval": [-1, 1], "n": 6},
    TABLE,
]
COMPARISON = SINE | {"n": [5, 9], "grids": ["minimal", "equidistant"]}


def accepted(client, question, path="/approximate", **headers):
    response = client.post(path, json=question, headers=LATER | headers)
    assert response.status_code == 202, response.text
    assert response.headers["Preference-Applied"].startswith("respond-async")
    return response.headers["Location"]


def finished(client, question, path="/approximate"):
    address = accepted(client, question, path)
    assert client.ended(address)["state"] == "succeeded"
    return address


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_job_answers_what_would_have_been_answered_at_once(client, question):
    address = finished(client, question)
    at_once, later = (
        client.post("/approximate", json=question),
        client.get(f"{address}/approximation"),
    )
    assert later.status_code == 200
    assert later.json() == at_once.json()
    assert client.get(f"{address}/request").json() == question


@pytest.mark.parametrize("accept", ["text/x-c", "text/markdown", "image/svg+xml"])
def test_every_form_is_there(client, accept):
    address = finished(client, SINE | {"n": 5})
    headers = {"Accept": accept}
    at_once = client.post("/approximate", json=SINE | {"n": 5}, headers=headers)
    later = client.get(f"{address}/approximation", headers=headers)
    assert later.headers["Content-Type"] == at_once.headers["Content-Type"]
    assert later.content == at_once.content
    refused = client.get(f"{address}/approximation", headers={"Accept": "audio/midi"})
    problem(refused, 406)


def test_a_comparison_is_a_job_too(client):
    address = finished(client, COMPARISON, "/approximate/compare")
    assert client.get(f"{address}/request").json() == COMPARISON
    at_once = client.post("/approximate/compare", json=COMPARISON)
    assert client.get(f"{address}/approximation").json() == at_once.json()
    picture = client.get(f"{address}/plot", headers={"Accept": "image/svg+xml"})
    assert "half of it" in picture.text
    assert "comparison" in problem(client.get(f"{address}/network"), 404)["detail"]


def test_network_and_picture_are_where_those_of_a_training_are(client):
    address = finished(client, SINE | {"n": 5})
    network = client.get(f"{address}/network").json()
    assert network == client.post("/approximate", json=SINE | {"n": 5}).json()["network"]
    answer = client.post("/forward", json={"network": network, "x": [[1.5]]}).json()
    assert answer["output"][0][0] == pytest.approx(np.sin(1.5))
    assert client.get(f"{address}/plot").content.startswith(b"\x89PNG")


def test_what_only_a_training_has_is_not_there(client):
    address = finished(client, SINE | {"n": 5})
    for what in ("history", "restarts", "steps/1", "plot?show=loss"):
        assert "no training" in problem(client.get(f"{address}/{what}"), 404)["detail"]


def test_a_training_has_no_approximation(client):
    question = {"architecture": {"sizes": [1, 1]}, "data": {"x": [[1]], "y": [[1]]}}
    address = client.post("/train", json=question).headers["Location"]
    assert "training" in problem(client.get(f"{address}/approximation"), 404)["detail"]


def test_the_job_can_be_waited_for_found_and_forgotten(client):
    headers = LATER | {"Prefer": "wait=30, respond-async"}
    response = client.post("/approximate", json=SINE | {"n": 5}, headers=headers)
    assert response.status_code == 202
    assert response.headers["Preference-Applied"] == "respond-async, wait=30"
    job = response.json()
    assert (job["state"], job["iteration"], job["iterations"]) == ("succeeded", 1, 1)
    assert job["id"] in [one["id"] for one in client.get("/train").json()["jobs"]]
    address = response.headers["Location"]
    tag = client.get(f"{address}/approximation").headers["ETag"]
    again = client.get(f"{address}/approximation", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert client.delete(address).status_code == 204
    problem(client.get(f"{address}/approximation"), 404)


LONG = {"function": "sin(x)", "interval": [0, 3], "n": 60, "grid": "greedy"}


def test_a_job_that_runs_has_no_result_yet_and_can_be_cancelled(open_service):
    client = open_service(max_job_operations=1e18, max_points=10**6)
    address = accepted(client, LONG | {"n": 10**5})
    client.until(address, lambda job: job["state"] == "running")
    for what in ("approximation", "network", "plot"):
        assert "running" in problem(client.get(f"{address}/{what}"), 409)["detail"]
    client.post(f"{address}/cancel")
    assert client.ended(address)["state"] == "cancelled"
    assert "cancelled" in problem(client.get(f"{address}/approximation"), 409)["detail"]


def test_what_can_be_refused_is_refused_at_once(client):
    for question, pointer in (
        (SINE | {"n": 5, "function": "sin(x"}, "/function"),
        (SINE | {"n": 5, "function": "1/x"}, "/function"),
        (SINE | {"n": 5, "interval": [3, 0]}, "/interval"),
        (SINE | {"n": 10**7}, "/n"),
        (SINE | {"tolerance": 1e-15}, "/tolerance"),
        ({"samples": {"x": [1, 0], "y": [[0, 1], [1, 0]]}}, "/samples/y/1"),
    ):
        refusal(client.post("/approximate", json=question, headers=LATER), 422, pointer)
    wrong = COMPARISON | {"interval": [0, 0]}
    response = client.post("/approximate/compare", json=wrong, headers=LATER)
    refusal(response, 422, "/interval")


def test_what_cannot_be_done_fails_with_the_reason(client):
    # Rounding to 8 bits is found to be too coarse only when the network is there.
    address = accepted(client, SINE | {"tolerance": 1e-4, "quantize": {"bits": 8}})
    job = client.ended(address)
    assert job["state"] == "failed"
    assert "rounding" in job["error"]["detail"]
    assert "failed" in problem(client.get(f"{address}/approximation"), 409)["detail"]


def test_what_is_too_long_for_an_answer_is_advised_to_be_a_job(open_service):
    client = open_service(max_operations=1e9)
    question = LONG | {"n": 80}
    refusal(
        client.post("/approximate", json=question), 422, "", "respond-async", "1,000,000,000 are"
    )
    compared = {"function": "sin(x)", "interval": [0, 3], "grids": ["minimal"], "n": [60]}
    refusal(client.post("/approximate/compare", json=compared), 422, "", "respond-async")
    assert client.ended(accepted(client, question))["state"] == "succeeded"
    refusal(
        client.post("/approximate", json=SINE | {"n": 10**6, "grid": "minimal"}), 422, "", "allowed"
    )


def test_the_same_key_gives_the_same_job(client):
    key = {"Idempotency-Key": "sine"}
    first = accepted(client, SINE | {"n": 5}, **key)
    assert accepted(client, SINE | {"n": 5}, **key) == first
    other = client.post("/approximate", json=SINE | {"n": 6}, headers=LATER | key)
    refusal(other, 422, "/header/idempotency-key")


def test_what_would_not_be_there_in_time_is_advised_to_be_a_job(open_service):
    client = open_service(request_timeout_seconds=0.5)
    question = SINE | {"tolerance": 1e-7}  # about a thousand segments, a millisecond each
    refusal(client.post("/approximate", json=question), 422, "", "2,500,000,000", "respond-async")
    assert len(client.post("/approximate", json=SINE | {"tolerance": 1e-4}).json()["grid"]) > 20
