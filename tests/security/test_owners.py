"""A job is its caller's: for other callers it does not exist, whatever they request."""

import pytest

from service.app import create_app
from service.auth.key_file import KeyFile
from service.jobs.errors import JobNotFound
from service.jobs.storage.store import Store
from service.settings import Settings
from tests.service.conversation import conversation

TRAINING = {
    "architecture": {"sizes": [2, 3, 1], "activations": "tanh", "seed": 1},
    "data": {"dataset": "xor", "samples": 8},
    "iterations": 5,
}
JOB = "/train/{id}"
CALLS = [
    (method.upper(), path.removeprefix(JOB).replace("{k}", "1"))
    for path, operations in create_app(Settings(_env_file=None)).openapi()["paths"].items()
    for method in operations
    if path.startswith(JOB)
]
"""Every address of a job that the contract has."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def people(folder):
    file = KeyFile(folder / "keys")
    return {
        name: {"Authorization": f"Bearer {file.add(name)}"} for name in ("Alice", "Bob", "Zoë 老師")
    }


@pytest.fixture(scope="module")
def client(folder, people):
    with conversation(folder, api_keys_file=str(folder / "keys")) as client:
        yield client


def submitted(client, headers, **more):
    answer = client.post("/train", json=TRAINING | more, headers=headers)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def listed(client, headers):
    jobs = client.get("/train", headers=headers).json()["jobs"]
    return {f"/train/{job['id']}" for job in jobs}


@pytest.mark.parametrize(("method", "part"), CALLS)
def test_anothers_job_is_not_there(client, people, method, part):
    job = submitted(client, people["Alice"])
    theirs = client.request(method, job + part, headers=people["Bob"])
    nobodys = client.request(method, f"/train/{'0' * 32}{part}", headers=people["Bob"])
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(job.rpartition("/")[2], "0" * 32) == nobodys.text
    assert client.get(job, headers=people["Alice"]).status_code == 200


def test_every_address_of_a_job_is_tried():
    assert {("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/steps/1")} <= set(CALLS)
    assert not any("{" in part for _, part in CALLS)


def test_a_list_has_ones_own_jobs_alone(client, people):
    mine = {submitted(client, people["Zoë 老師"]) for _ in range(3)}
    theirs = submitted(client, people["Bob"])
    assert mine <= listed(client, people["Zoë 老師"])
    assert theirs not in listed(client, people["Zoë 老師"])
    assert not mine & listed(client, people["Bob"])


def test_the_same_idempotency_key_of_two_callers_is_two_keys(client, people):
    same = {"Idempotency-Key": "first"}
    alice = submitted(client, people["Alice"] | same)
    bob = submitted(client, people["Bob"] | same)
    assert alice != bob
    assert submitted(client, people["Alice"] | same) == alice
    other = client.post("/train", json=TRAINING | {"eta": 0.5}, headers=people["Bob"] | same)
    assert other.status_code == 422
    assert "'first'" in other.json()["detail"]


def test_what_was_trained_without_keys_is_nobodys_once_there_are_keys(tmp_path):
    with conversation(tmp_path) as client:
        job = submitted(client, {})
    key = KeyFile(tmp_path / "keys").add("Alice")
    headers = {"Authorization": f"Bearer {key}"}
    with conversation(tmp_path, api_keys_file=str(tmp_path / "keys")) as client:
        assert client.get(job, headers=headers).status_code == 404
        assert listed(client, headers) == set()
    with conversation(tmp_path) as client:
        assert client.get(job).status_code == 200


def test_the_service_itself_sees_every_job(folder, client, people):
    job = submitted(client, people["Alice"]).rpartition("/")[2]
    store = Store(f"sqlite:///{folder}/chainrule.db")
    assert store.find(job).id == job
    assert store.for_caller("Alice").find(job).id == job
    for caller in ("", "alice", "Bob", "Alice "):
        with pytest.raises(JobNotFound):
            store.for_caller(caller).find(job)
    store.close()


MODEL = {
    "name": "unit",
    "network": {"layers": [{"weights": [[1.0]], "biases": [0.5], "activation": "identity"}]},
}
MODEL_CALLS = [
    ("GET", "", None),
    ("GET", "/network", None),
    ("GET", "/versions/1", None),
    ("POST", "/predict", {"rows": [[1.0]]}),
    ("PUT", "/aliases/a", {"version": 1}),
    ("DELETE", "/aliases/a", None),
    ("DELETE", "/versions/1", None),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "part", "body"), MODEL_CALLS)
def test_anothers_model_is_not_there(client, people, method, part, body):
    alice, bob = people["Alice"], people["Bob"]
    client.post("/models", json=MODEL, headers=alice)
    call = {} if body is None else {"json": body}
    answer = client.request(method, f"/models/unit{part}", headers=bob, **call)
    assert answer.status_code == 404
    assert client.get("/models", headers=bob).json()["models"] == []
    assert client.get("/models/unit", headers=alice).status_code == 200


def test_two_callers_have_a_model_each_under_the_same_name(client, people):
    for number, name in enumerate(("Bob", "Zoë 老師")):
        bias = {"weights": [[1.0]], "biases": [float(number)], "activation": "identity"}
        network = {"layers": [bias]}
        client.post("/models", json=MODEL | {"network": network}, headers=people[name])
    for number, name in enumerate(("Bob", "Zoë 老師")):
        asked = {"rows": [[1.0]]}
        answer = client.post("/models/unit/predict", json=asked, headers=people[name])
        assert answer.json()["predictions"] == [1.0 + number]
    for name in ("Bob", "Zoë 老師"):
        assert client.delete("/models/unit", headers=people[name]).status_code == 204


def test_a_model_is_made_of_ones_own_job_only(client, people):
    path = submitted(client, people["Alice"])
    question = {"name": "stolen", "job": path.removeprefix("/train/")}
    assert client.post("/models", json=question, headers=people["Bob"]).status_code == 404
