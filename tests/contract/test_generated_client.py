"""A client that openapi-python-client generates from the contract, without a warning of it.

It does the whole way of a table: upload, training, job, model, prediction.
"""

import importlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.patience import patience
from tests.service.served import served

pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed")

OPENAPI = Path(__file__).parents[2] / "openapi"
ROWS = [(k / 10, (7 * k) % 10 / 10, "high" if k >= 20 else "low") for k in range(40)]
CSV = "\n".join(["a,b,level", *(",".join(map(str, row)) for row in ROWS)])


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The generated package, as an importable one."""
    folder = tmp_path_factory.mktemp("generated")
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none",
         "--path", OPENAPI / "openapi.json", "--config", OPENAPI / "python-client.yml",
         "--output-path", folder / "chainrule_client"],
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\n") == 1, done.stdout  # "Generating …", and no warning
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"chainrule_client.{name}")
    sys.path.remove(str(folder))


@pytest.fixture
def client(package, tmp_path):
    with served(tmp_path) as server:
        # The client reads JSON; of a CSV the default answer is CSV.
        headers = {"Accept": "application/json"}
        client = package("client").Client(base_url=server.address, timeout=60, headers=headers)
        deadline = time.monotonic() + patience(30)
        while package("api.operation.ready").sync_detailed(client=client).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield client


def test_the_generated_client_goes_from_a_table_to_predictions(package, client):
    models, types = package("models"), package("types")

    def call(endpoint, *path, **given):
        answer = package(f"api.{endpoint}").sync_detailed(*path, client=client, **given)
        assert answer.status_code < 300, answer.content
        return answer.parsed

    file = types.File(io.BytesIO(CSV.encode()))
    dataset = call("data.post_dataset", body=file, name="levels")
    assert dataset.rows == len(ROWS)
    request = {"data": {"dataset": dataset.id, "target": "level"}, "name": "first", "tags": ["t"]}
    job = call("training.post_train", body=models.TrainRequest.from_dict(request))
    deadline = time.monotonic() + patience(60)
    while job.finished_at is None:
        assert time.monotonic() < deadline
        job = call("training.get_job", job.id)
        time.sleep(0.05)
    assert job.state.value == "succeeded"
    assert [listed.id for listed in call("training.list_jobs", tag="t").jobs] == [job.id]
    question = models.ModelRequest(name="levels", job=job.id)
    version = call("models.post_model", body=question)
    assert version.output.classes == ["high", "low"]
    rows = [{"a": a, "b": b} for a, b, _ in ROWS]
    asked = models.PredictRequest.from_dict({"rows": rows})
    found = call("models.post_predict", "levels", body=asked)
    right = sum(p == level for p, (_, _, level) in zip(found.predictions, ROWS, strict=True))
    assert right >= 36
    again = call("models.post_predict", "levels", body=types.File(io.BytesIO(CSV.encode())))
    assert again.predictions == found.predictions
