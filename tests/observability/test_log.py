"""One line of JSON for each request, that names it and contains none of its secrets."""

import json

import httpx
import pytest

from service.auth.key_file import KeyFile
from tests.acceptance.server import running
from tests.service.questions import RIGHT

JOB = "/train/" + "0" * 32


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """The lines about a few requests, by request id, and all that was written."""
    folder = tmp_path_factory.mktemp("service")
    key = KeyFile(folder / "keys").add("Alice")
    with running(folder, CHAINRULE_API_KEYS_FILE=str(folder / "keys")) as address:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=address) as client:
            client.post("/forward", json=RIGHT["/forward"], headers=_named("forward", headers))
            client.post(
                "/approximate", json={"function": "private"}, headers=_named("refused", headers)
            )
            client.post("/train", json=RIGHT["/train"], headers=_named("train", headers))
            client.get(f"{JOB}?token=private", headers=_named("job", headers))
            client.get("/datasets", headers=_named("stranger", {}))
            client.get("/datasets", headers=_named("x" * 65, headers))
            for _ in range(3):
                client.get("/health/live", headers=_named("probe", {}))
    written = (folder / "server.log").read_text()
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    return {line["request_id"]: line for line in lines if line["event"] == "request"}, written, key


def _named(name, headers):
    return headers | {"X-Request-Id": name}


def test_a_line_says_what_was_asked_by_whom_and_how_it_went(logged):
    lines, _, _ = logged
    line = lines["forward"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/forward", 200)
    assert (line["caller"], line["client"], line["job"]) == ("Alice", "127.0.0.1", None)
    assert line["bytes_in"] == len(
        httpx.Request("POST", "http://x", json=RIGHT["/forward"]).content
    )
    assert line["bytes_out"] > 0
    assert 0 < line["seconds"] < 60
    assert lines["stranger"]["status"] == 401
    assert lines["stranger"]["caller"] == ""


def test_a_line_names_the_job(logged):
    lines, _, _ = logged
    assert lines["job"]["job"] == JOB.removeprefix("/train/")
    assert len(lines["train"]["job"]) == 32
    assert lines["train"]["status"] == 202


def test_no_body_no_query_and_no_key_is_written(logged):
    _, written, key = logged
    assert lines_with(written, "private") == []
    assert lines_with(written, key.split("_", 2)[2]) == []
    assert lines_with(written, "Bearer") == []


def lines_with(written, words):
    return [line for line in written.splitlines() if words in line]


def test_what_is_no_name_is_replaced_by_one(logged):
    lines, _, _ = logged
    assert "x" * 65 not in lines
    (line,) = [one for one in lines.values() if one["path"] == "/datasets" and one["status"] == 200]
    assert len(line["request_id"]) == 32


def test_probes_that_are_well_leave_no_line(logged):
    lines, _, _ = logged
    assert "probe" not in lines
    assert len(lines) >= 6
