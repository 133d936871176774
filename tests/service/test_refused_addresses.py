"""What is not there, or does not take the method, is refused as a problem too."""

import pytest
from problem import problem

from service.inference.errors import is_inference

JOB = "/train/00000000000000000000000000000000"
DATASET = JOB.replace("/train/", "/datasets/")

METHODS = {
    "/forward": {"POST"},
    "/backprop": {"POST"},
    "/solution": {"POST"},
    "/check": {"POST"},
    "/exercises": {"GET", "POST"},
    "/approximate": {"POST"},
    "/approximate/compare": {"POST"},
    "/train": {"GET", "POST"},
    "/train/estimate": {"POST"},
    JOB: {"GET", "DELETE"},
    JOB + "/cancel": {"POST"},
    JOB + "/history": {"GET"},
    JOB + "/evaluation": {"GET"},
    JOB + "/data": {"GET"},
    JOB + "/request": {"GET"},
    JOB + "/network": {"GET"},
    JOB + "/plot": {"GET"},
    JOB + "/steps/7": {"GET"},
    JOB + "/restarts": {"GET"},
    JOB + "/approximation": {"GET"},
    JOB + "/events": {"GET"},
    JOB + "/frames": {"GET"},
    "/datasets": {"GET", "POST"},
    DATASET: {"GET", "DELETE"},
    DATASET + "/rows": {"GET"},
    JOB + "/predict": {"POST"},
    "/models": {"GET", "POST"},
    "/models/iris": {"GET", "DELETE"},
    "/models/iris/network": {"GET"},
    "/models/iris/predict": {"POST"},
    "/models/iris/versions/1": {"GET", "DELETE"},
    "/models/iris/aliases/best": {"PUT", "DELETE"},
    "/v2": {"GET"},
    "/v2/health/live": {"GET"},
    "/v2/health/ready": {"GET"},
    "/v2/models/iris": {"GET"},
    "/v2/models/iris/ready": {"GET"},
    "/v2/models/iris/infer": {"POST"},
    "/v2/models/iris/versions/1": {"GET"},
    "/v2/models/iris/versions/1/ready": {"GET"},
    "/v2/models/iris/versions/1/infer": {"POST"},
    "/health/live": {"GET"},
    "/health/ready": {"GET"},
    "/metrics": {"GET"},
    "/": {"GET"},
    "/about": {"GET"},
    "/docs": {"GET"},
    "/openapi.json": {"GET"},
    "/static/docs.html": {"GET"},
}
for methods in METHODS.values():
    methods |= {"HEAD"} if "GET" in methods else set()

LIKE_A_JOB = {("/train/estimate", "GET"), ("/train/estimate", "DELETE")}
"""The address has the form of a job's; there is none of that name: 404."""


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/forward/",
        "/FORWARD",
        "/%2fforward",
        "/forward/x",
        "/train/",
        JOB + "/nothing",
        "/datasets/",
        "/docs/",
        "/static/nothing",
        "/static/",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%00",
        "/%f0%9f%98%80",
        "/%ff",
        "/" + "a" * 10_000,
    ],
)
def test_where_there_is_nothing_the_answer_is_404(client, address):
    assert "there is nothing at" in problem(client.get(address), 404)["detail"]


VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]
NOT_TAKEN = [
    (address, method)
    for address in METHODS
    for method in VERBS
    if method not in METHODS[address] and (address, method) not in LIKE_A_JOB
]


@pytest.mark.parametrize(("address", "method"), NOT_TAKEN)
def test_a_method_that_is_not_taken_is_refused_with_those_that_are(client, address, method):
    response = client.request(method, address)
    if is_inference(address):
        assert (response.status_code, response.json().keys()) == (405, {"error"})
    else:
        assert method in problem(response, 405)["detail"]
    assert set(response.headers["Allow"].split(", ")) == METHODS[address]


def test_the_table_of_methods_is_the_contract(client):
    paths = client.get("/openapi.json").json()["paths"]
    values = {"id": JOB.split("/")[-1], "k": 7, "name": "iris", "version": 1, "alias": "best"}
    declared = {
        path.format(**values): {method.upper() for method in operations}
        for path, operations in paths.items()
    }
    assert {path: METHODS[path] - {"HEAD"} for path in declared} == declared


@pytest.mark.parametrize("rest", ["", "/history", "/network", "/plot", "/plot?show=loss"])
@pytest.mark.parametrize(
    "job", [JOB, "/train/x", "/train/%00", "/train/%ff", "/train/" + 400 * "f"]
)
def test_a_job_that_is_not_there_is_404(client, job, rest):
    document = problem(client.get(job + rest), 404)
    assert document["type"] == "urn:chainrule:problem:job-not-found"


def test_what_is_not_there_can_neither_be_cancelled_nor_forgotten(client):
    problem(client.post(JOB + "/cancel"), 404)
    problem(client.delete(JOB), 404)


def test_a_dataset_that_is_not_there_is_404_with_those_that_are(client):
    document = problem(client.get("/datasets/nothing"), 404)
    for dataset in client.get("/datasets").json()["datasets"]:
        assert dataset["name"] in document["detail"]
