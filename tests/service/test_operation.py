"""What orchestrators, operators and developers rely on: probes, metrics, settings, the tables."""

import inspect

import pytest
from problem import problem
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

import core.errors
import service.jobs.errors
from service.exception_handlers import PROBLEM_TYPES
from service.jobs.job import JobState
from service.settings import Settings

ONLY_END_A_JOB_OR_A_CALL = {"Diverged", "LeaseLost", "WorkerLost", "CallTimeout"}
ONLY_NAME_A_KIND = {"MathematicalError", "JobError"}


def jobs_by_state(client):
    text = client.get("/metrics").text
    (family,) = [f for f in text_string_to_metric_families(text) if f.name == "chainrule_jobs"]
    return {sample.labels["state"]: sample.value for sample in family.samples}


def test_the_probes_say_ok(client):
    for probe in ("live", "ready"):
        answer = client.get(f"/health/{probe}")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_service_that_stops_is_alive_but_not_ready(open_service):
    client = open_service()
    client.app.state.stopping = True
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert "stopping" in problem(answer, 503)["detail"]
    assert "Retry-After" in answer.headers


def test_a_service_without_its_database_is_alive_but_not_ready(open_service, tmp_path, sheet):
    (tmp_path / "chainrule.db").write_bytes(b"this is no database " * 1000)
    client = open_service()
    assert client.get("/health/live").status_code == 200
    assert client.post("/forward", json=sheet).status_code == 200
    for address in ("/health/ready", "/train"):
        refused = client.get(address)
        assert "database" in problem(refused, 503)["detail"]
        assert "Retry-After" in refused.headers


def test_the_metrics_count_the_jobs_of_every_state(open_service):
    client = open_service()
    assert jobs_by_state(client) == dict.fromkeys(map(str, JobState), 0)
    question = {"architecture": {"sizes": [2, 1]}, "data": {"dataset": "xor"}}
    client.ended(client.post("/train", json=question).headers["Location"])
    assert jobs_by_state(client)["succeeded"] == 1


def classes_of(module):
    return {
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Exception) and one.__module__ == module.__name__
    }


def test_every_error_has_a_status_or_can_only_end_a_job():
    errors = classes_of(core.errors) | classes_of(service.jobs.errors)
    without = {error.__name__ for error in errors - PROBLEM_TYPES.keys()}
    assert without == ONLY_END_A_JOB_OR_A_CALL | ONLY_NAME_A_KIND


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 65536},
        {"port": "http"},
        {"workers": 0},
        {"max_body_bytes": 0},
        {"retention_seconds": -1},
        {"max_operations": "many"},
    ],
)
def test_a_setting_out_of_range_is_refused_at_the_start(wrong):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("CHAINRULE_MAX_LAYERS", "7")
    assert Settings().max_layers == 7
    assert Settings(max_layers=8).max_layers == 8
