"""The model registry: versions that never change, aliases that move, predictions of each."""

import csv
import io
import re

import numpy as np
import pytest
from problem import problem, refusal

from core.export.network.formats import NETWORK_FORMATS, NETWORK_READERS
from core.neural_network import NeuralNetwork

TRAINING = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 3},
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
    "iterations": 20,
    "eta": 0.5,
}
ROWS = [[0.25, -1.0], [3.0, 0.5], [0.0, 0.0]]


def unit(bias, inputs=2, activation="sigmoid", outputs=1):
    weights = [[float(k + j + 1) for j in range(inputs)] for k in range(outputs)]
    layer = {"weights": weights, "biases": [bias] * outputs, "activation": activation}
    return {"layers": [layer]}


def added(client, **question):
    response = client.post("/models", json=question)
    assert response.status_code == 201, response.text
    return response.json()


def forward(client, network, x):
    question = {"network": network, "x": x, "intermediates": False}
    return client.post("/forward", json=question).json()["output"]


def predictions(client, path, rows, **query):
    response = client.post(f"{path}/predict", json={"rows": rows}, params=query)
    assert response.status_code == 200, response.text
    return response.json()["predictions"]


@pytest.fixture(scope="module")
def job(client):
    path = client.post("/train", json=TRAINING).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    return path


@pytest.fixture
def name(request):
    """A name of its own for each test."""
    return re.sub(r"\W", ".", request.node.name, flags=re.ASCII)[-60:].strip("._")


def test_a_model_predicts_what_the_network_of_its_job_gives(client, job, name):
    version = added(client, name=name, job=job.removeprefix("/train/"))
    state = client.get(job).json()
    assert (version["version"], version["source"], version["loss"]) == (1, "job", state["loss"])
    assert version["sizes"] == [2, 3, 1]
    network = client.get(f"{job}/network").json()
    expected = [row[0] for row in forward(client, network, ROWS)]
    assert predictions(client, f"/models/{name}", ROWS) == expected
    assert predictions(client, job, ROWS) == expected
    assert client.get(f"/models/{name}/network").json() == network
    client.delete(job + "x")  # no such job: the model needs none
    assert predictions(client, f"/models/{name}", ROWS) == expected


def test_a_model_outlives_its_job(client, name):
    path = client.post("/train", json=TRAINING).headers["location"]
    client.ended(path)
    added(client, name=name, job=path.removeprefix("/train/"))
    expected = predictions(client, path, ROWS)
    assert client.delete(path).status_code == 204
    assert predictions(client, f"/models/{name}", ROWS) == expected


def test_latest_is_the_newest_version_and_old_ones_stay_as_they_were(client, name):
    networks = [unit(bias) for bias in (0.0, 1.0, -2.0)]
    for number, network in enumerate(networks, start=1):
        assert added(client, name=name, network=network)["version"] == number
        for earlier, known in enumerate(networks[:number], start=1):
            expected = [row[0] for row in forward(client, known, ROWS)]
            assert predictions(client, f"/models/{name}", ROWS, version=earlier) == expected
        assert predictions(client, f"/models/{name}", ROWS) == expected
    model = client.get(f"/models/{name}").json()
    assert [version["version"] for version in model["versions"]] == [1, 2, 3]
    assert model["latest"] == 3
    assert client.get(f"/models/{name}/versions/latest").json() == model["versions"][-1]


def test_an_alias_moves_and_moves_back(client, name):
    for bias in (0.0, 5.0):
        added(client, name=name, network=unit(bias))
    by_number = [predictions(client, f"/models/{name}", ROWS, version=number) for number in (1, 2)]
    for number in (1, 2, 1):
        moved = client.put(f"/models/{name}/aliases/production", json={"version": number})
        assert moved.json()["aliases"] == {"production": number}
        found = predictions(client, f"/models/{name}", ROWS, version="production")
        assert found == by_number[number - 1]
    document = problem(client.delete(f"/models/{name}/versions/1"), 409)
    assert "production" in document["detail"]
    assert client.delete(f"/models/{name}/versions/2").status_code == 204
    assert client.delete(f"/models/{name}/aliases/production").status_code == 204
    problem(client.delete(f"/models/{name}/aliases/production"), 404)
    assert client.delete(f"/models/{name}/versions/1").status_code == 204


def test_a_number_of_a_deleted_version_is_not_given_out_again(client, name):
    for _ in range(2):
        added(client, name=name, network=unit(0.0))
    client.delete(f"/models/{name}/versions/2")
    assert added(client, name=name, network=unit(0.0))["version"] == 3


def test_all_versions_of_a_model_take_the_same_rows(client, name):
    added(client, name=name, network=unit(0.0), columns=["a", "b"])
    for other in (
        {"network": unit(0.0, inputs=3)},
        {"network": unit(0.0), "columns": ["a", "c"]},
        {"network": unit(0.0), "columns": ["a", "b"], "classes": ["no", "yes"]},
    ):
        document = problem(client.post("/models", json={"name": name} | other), 409)
        assert "another name" in document["detail"]
    assert added(client, name=name, network=unit(9.0), columns=["a", "b"])["version"] == 2


def test_labels_and_probabilities_have_the_names_given(client, name):
    added(
        client,
        name=name,
        network=unit(0.5, activation="softmax", outputs=3),
        columns=["height", "width"],
        target="species",
        classes=["small", "middle", "large"],
    )
    rows = [{"width": 1.0, "height": -2.0, "colour": "red"}, {"height": 3, "width": 0.5}]
    answer = client.post(f"/models/{name}/predict", json={"rows": rows}).json()
    x = [[row["height"], row["width"]] for row in rows]
    output = forward(client, unit(0.5, activation="softmax", outputs=3), x)
    assert answer["classes"] == ["small", "middle", "large"]
    assert answer["probabilities"] == output
    assert answer["predictions"] == [
        answer["classes"][int(np.argmax(row))] for row in answer["probabilities"]
    ]


def test_csv_comes_back_as_csv(client, name):
    added(client, name=name, network=unit(0.0), columns=["a", "b"], target="y", classes=[0, 1])
    text = "b,a,comment\n-1.0,0.25,x\n0.5,3.0,y\n0.0,0.0,z\n"
    headers = {"Content-Type": "text/csv"}
    answer = client.post(f"/models/{name}/predict", content=text, headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    as_json = client.post(f"/models/{name}/predict", json={"rows": ROWS}).json()
    assert [int(row["y"]) for row in rows] == as_json["predictions"]
    assert [[float(row["y=0"]), float(row["y=1"])] for row in rows] == as_json["probabilities"]
    wanted = client.post(
        f"/models/{name}/predict", content=text, headers=headers | {"Accept": "application/json"}
    )
    assert wanted.json() == as_json


def test_a_regression_as_csv_has_its_outputs(client, name):
    network = unit(0.5, activation="identity", outputs=2)
    added(client, name=name, network=network)
    answer = client.post(
        f"/models/{name}/predict", json={"rows": ROWS}, headers={"Accept": "text/csv"}
    )
    first, *rows = csv.reader(io.StringIO(answer.text))
    assert first == ["y1", "y2"]
    assert [list(map(float, row)) for row in rows] == forward(client, network, ROWS)


@pytest.mark.parametrize("format_name", sorted(NETWORK_READERS))
@pytest.mark.parametrize("by_media_type", [True, False])
def test_a_file_becomes_a_model_bit_for_bit(client, name, format_name, by_media_type):
    file_format = NETWORK_FORMATS[format_name]
    if not file_format.is_available:
        pytest.skip(f"{file_format.package} is not installed")
    network = NeuralNetwork.from_sizes((2, 4, 3), ["softplus", "softmax"])
    query = {"name": name, "columns": "a,b", "target": "kind", "classes": "p,q,r"}
    media_type = file_format.media_type if by_media_type else "application/octet-stream"
    if not by_media_type:
        query["format"] = format_name
    response = client.post(
        "/models",
        params=query,
        content=file_format.write(network),
        headers={"Content-Type": media_type},
    )
    assert response.status_code == 201, response.text
    assert response.json()["source"] == "file"
    assert response.json()["output"]["classes"] == ["p", "q", "r"]
    again = client.get(f"/models/{name}/network", params={"format": format_name})
    assert again.content == file_format.write(network)
    assert again.headers["content-disposition"].count(name) == 1


def test_what_a_file_lacks_is_said(client):
    content = NETWORK_FORMATS["npz"].write(NeuralNetwork.from_sizes((2, 1)))
    headers = {"Content-Type": "application/x-npz"}

    def post(content=content, headers=headers, **query):
        return client.post("/models", params=query, content=content, headers=headers)

    refusal(post(), 422, "/query/name")
    refusal(post(name="m", columns="a"), 422, "/query/columns", "2 inputs")
    refusal(post(name="m", classes="a,b,c"), 422, "/query/classes", "two classes")
    refusal(post(content[:40], name="m"), 422, "")
    refusal(post(b"", name="m"), 422, "")
    problem(post(name="m", headers={"Content-Type": "application/x-hdf5"}), 415)
    problem(post(name="m", headers={"Content-Type": "application/octet-stream"}), 415)


@pytest.mark.parametrize(
    ("rows", "pointer", "words"),
    [
        ([], "/rows", ()),
        ([[1.0]], "/rows/0", ("1 value", "expected 2")),
        ([{"a": 1}], "/rows/0/b", ("'b'",)),
        ([[1, 2], {"a": 1, "b": "x"}], "/rows/1/b", ("'b'",)),
        ([[1, 2], [True, 2]], "/rows/1/a", ("number",)),
        ([{"a": 1, "b": None}], "/rows/0/b", ("'b'",)),
        ([1, 2], None, ()),
        ("a", "/rows", ()),
    ],
)
def test_a_wrong_row_is_refused_at_its_place(client, name, rows, pointer, words):
    added(client, name=name, network=unit(0.0), columns=["a", "b"])
    response = client.post(f"/models/{name}/predict", json={"rows": rows})
    if pointer is None:
        problem(response, 422)
    else:
        refusal(response, 422, pointer, *words)


def test_many_rows_are_predicted_as_few_are(client, name):
    network = unit(0.1)
    added(client, name=name, network=network)
    rows = np.random.default_rng(0).normal(size=(3000, 2)).tolist()
    found = predictions(client, f"/models/{name}", rows)
    assert found == [row[0] for row in forward(client, network, rows)]
    as_objects = [{"x1": a, "x2": b} for a, b in rows]
    assert predictions(client, f"/models/{name}", as_objects) == found


def test_names_that_do_harm_elsewhere_are_only_names(client, name):
    columns = ["__proto__", '=1+1"\n']
    added(client, name=name, network=unit(0.0), columns=columns)
    rows = [dict(zip(columns, row, strict=True)) for row in ROWS]
    assert predictions(client, f"/models/{name}", rows) == predictions(
        client, f"/models/{name}", ROWS
    )


def test_the_list_has_every_model_once_page_by_page(open_service):
    client = open_service()
    names = [f"m{number}" for number in range(7)]
    for each in reversed(names):
        added(client, name=each, network=unit(0.0))
    found, cursor = [], ""
    while cursor is not None:
        page = client.get("/models", params={"limit": 3, "cursor": cursor}).json()
        found += [model["name"] for model in page["models"]]
        cursor = page["next"]
    assert found == names


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ({"name": "a b", "network": unit(0.0)}, "/name"),
        ({"name": "x" * 65, "network": unit(0.0)}, "/name"),
        ({"name": "m"}, ""),
        ({"name": "m", "network": unit(0.0), "job": "0" * 32}, ""),
        ({"name": "m", "network": unit(0.0), "columns": ["a", "a"]}, "/columns"),
        ({"name": "m", "network": unit(0.0, outputs=2), "target": "y"}, "/target"),
        ({"name": "m", "job": "no"}, "/job"),
    ],
)
def test_a_wrong_question_is_refused(client, question, pointer):
    refusal(client.post("/models", json=question), 422, pointer)


def test_what_is_not_there_is_not_found(client, name):
    added(client, name=name, network=unit(0.0))
    for path in (
        "/models/none",
        "/models/none/network",
        f"/models/{name}/versions/2",
        f"/models/{name}/versions/99999999999999999999",
        f"/models/{name}/versions/none",
        "/models/%00",
    ):
        problem(client.get(path), 404)
    problem(client.post("/models", json={"name": "m", "job": "0" * 32}), 404)
    problem(client.put(f"/models/{name}/aliases/a", json={"version": 7}), 404)
    refusal(client.put(f"/models/{name}/aliases/latest", json={"version": 1}), 422, "/path/alias")
    problem(client.post("/models/none/predict", json={"rows": ROWS}), 404)
    problem(client.delete("/models/none"), 404)
    assert client.delete(f"/models/{name}").status_code == 204
    problem(client.get(f"/models/{name}"), 404)


def test_a_job_that_goes_on_is_no_model_yet(client):
    asked = TRAINING | {"iterations": 10_000_000}
    path = client.post("/train", json=asked).headers["location"]
    question = {"name": "early", "job": path.removeprefix("/train/")}
    problem(client.post("/models", json=question), 409)
    client.post(f"{path}/cancel")
    client.ended(path)
    assert client.post("/models", json=question).status_code == 201
    client.delete(path)


def test_an_approximation_is_a_model_too(client, name):
    asked = {"function": "sin(x)", "interval": [0, 3], "n": 9}
    headers = {"Prefer": "respond-async"}
    path = client.post("/approximate", json=asked, headers=headers).headers["location"]
    client.ended(path)
    added(client, name=name, job=path.removeprefix("/train/"))
    found = predictions(client, f"/models/{name}", [[0.75], [1.5]])
    assert found == pytest.approx(np.sin([0.75, 1.5]), abs=0.02)


def test_there_are_not_more_versions_than_allowed(open_service):
    client = open_service(max_model_versions=2)
    for _ in range(2):
        added(client, name="m", network=unit(0.0))
    problem(client.post("/models", json={"name": "m", "network": unit(0.0)}), 409)
    client.delete("/models/m/versions/1")
    added(client, name="m", network=unit(0.0))


def test_the_examples_of_the_contract_make_a_model_that_predicts(client):
    paths = client.get("/openapi.json").json()["paths"]

    def example(path):
        return paths[path]["post"]["requestBody"]["content"]["application/json"]["example"]

    assert client.post("/models", json=example("/models")).status_code == 201
    answer = client.post("/models/xor/predict", json=example("/models/{name}/predict"))
    assert answer.json()["predictions"] == ["different", "equal"]
    infer = example("/v2/models/{name}/infer")
    assert client.post("/v2/models/xor/infer", json=infer).status_code == 200
