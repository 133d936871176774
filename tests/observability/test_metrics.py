"""Prometheus sees requests, jobs and workers; labels have few values, whatever clients send."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conversation import conversation
from tests.service.questions import RIGHT

JOB = "/train/" + "0" * 32


@pytest.fixture
def client(tmp_path):
    with conversation(tmp_path) as client:
        yield client


def samples(client):
    """Every sample by name and labels, read by Prometheus' own parser."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found.get((name, frozenset(labels.items())), 0.0)


def test_requests_are_counted_by_route_and_status(client):
    for _ in range(3):
        client.post("/forward", json=RIGHT["/forward"])
    client.post("/forward", json={})
    client.get(JOB)
    found = samples(client)
    count = "chainrule_http_requests_total"
    assert value(found, count, method="POST", route="/forward", status="200") == 3
    assert value(found, count, method="POST", route="/forward", status="422") == 1
    assert value(found, count, method="GET", route="/train/{id}", status="404") == 1
    assert value(found, "chainrule_http_request_duration_seconds_count", route="/forward") == 4
    assert (
        value(found, "chainrule_http_request_duration_seconds_bucket", route="/forward", le="+Inf")
        == 4
    )
    assert value(found, "chainrule_http_requests_in_progress") == 1  # this question


def test_bytes_are_counted_as_they_were_sent(client):
    answer = client.post("/forward", json=RIGHT["/forward"])
    found = samples(client)
    sent = len(answer.request.content)
    assert value(found, "chainrule_http_body_bytes_total", route="/forward", direction="in") == sent
    assert value(
        found, "chainrule_http_body_bytes_total", route="/forward", direction="out"
    ) == len(answer.content)


def test_jobs_are_counted_by_state_with_their_attempts(client):
    answer = client.post("/train", json=RIGHT["/train"])
    client.ended(answer.headers["location"])
    found = samples(client)
    assert value(found, "chainrule_jobs", state="succeeded") == 1
    assert value(found, "chainrule_jobs", state="queued") == 0
    assert ("chainrule_jobs", frozenset({("state", "queued")})) in found
    assert value(found, "chainrule_job_attempts") == 1
    assert value(found, "chainrule_database_up") == 1
    assert value(found, "chainrule_workers") == 1
    assert ("chainrule_worker_restarts_total", frozenset()) in found


def test_whatever_clients_send_adds_no_labels(client):
    client.request("BREW", "/forward")
    client.get("/nowhere")
    client.get(JOB)
    before = samples(client).keys()
    for number in range(20):
        client.request(f"BREW{number}", "/forward")
        client.get(f"/nowhere/{number}")
        client.get(f"/train/{number:032x}")
    named = {key for key in samples(client) if key[0].startswith("chainrule_")}
    assert {key for key in named - before if dict(key[1]).get("route") != "/metrics"} == set()
