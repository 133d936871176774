"""The Open Inference Protocol: tensors in and out as JSON and as bytes, and its errors."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.neural_network import NeuralNetwork
from service.inference.tensors import DATATYPES

NETWORK = NeuralNetwork.from_sizes((2, 16, 3), ["tanh", "softmax"], np.random.default_rng(5))
X = np.random.default_rng(6).normal(size=(7, 2))
CLASSES = ["a", "b", "c"]
INFER = "/v2/models/classes/infer"


def document(network):
    return {
        "layers": [
            {
                "weights": layer.weights.tolist(),
                "biases": layer.biases.tolist(),
                "activation": layer.activation.name,
            }
            for layer in network.layers
        ]
    }


@pytest.fixture(scope="module")
def server(client):
    question = {"name": "classes", "network": document(NETWORK), "classes": CLASSES}
    assert client.post("/models", json=question).status_code == 201
    return client


def tensor(x, datatype="FP64", **more):
    return {"name": "x", "shape": list(x.shape), "datatype": datatype} | more


def as_json(x, **more):
    return {"inputs": [tensor(x, data=x.ravel().tolist())]} | more


def body_of(header, *contents):
    text = json.dumps(header).encode()
    return text + b"".join(contents), {"Inference-Header-Content-Length": str(len(text))}


def outputs_of(response):
    """The outputs of a response as arrays, by name."""
    assert response.status_code == 200, response.text
    length = response.headers.get("Inference-Header-Content-Length")
    if length is None:
        header, rest = response.json(), b""
    else:
        header = json.loads(response.content[: int(length)])
        rest = response.content[int(length) :]
    found = {}
    for output in header["outputs"]:
        size = output.get("parameters", {}).get("binary_data_size")
        dtype = DATATYPES.get(output["datatype"])
        if size is None:
            values = np.array(output["data"], dtype=dtype)
        else:
            values, rest = np.frombuffer(rest[:size], dtype or np.uint8), rest[size:]
        if dtype is not None:
            values = values.reshape(output["shape"])
        found[output["name"]] = values
    assert rest == b""
    return found


def error_of(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    (sentence,) = response.json().values()
    assert response.json() == {"error": sentence}
    return sentence


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("binary", [True, False])
def test_every_form_of_a_request_gives_the_outputs_bit_for_bit(server, nested, binary):
    expected = NETWORK.forward(X).output
    data = X.tolist() if nested else X.ravel().tolist()
    response = server.post(
        INFER,
        json={
            "id": "42",
            "inputs": [tensor(X, data=data)],
            "parameters": {"binary_data_output": binary},
        },
    )
    found = outputs_of(response)
    assert found.keys() == {"output"}
    assert found["output"].tobytes() == expected.tobytes()
    assert ("Inference-Header-Content-Length" in response.headers) == binary


@pytest.mark.parametrize("datatype", sorted(DATATYPES))
def test_numbers_of_every_datatype_are_taken_as_bytes_and_as_json(server, datatype):
    x = np.array([[0, 1], [3, 2], [100, 7]]).astype(DATATYPES[datatype])
    expected = NETWORK.forward(x.astype(np.float64)).output
    header = {"inputs": [tensor(x, datatype, parameters={"binary_data_size": x.nbytes})]}
    body, headers = body_of(header, x.tobytes())
    by_bytes = server.post(INFER, content=body, headers=headers)
    by_json = server.post(INFER, json={"inputs": [tensor(x, datatype, data=x.ravel().tolist())]})
    for response in (by_bytes, by_json):
        assert outputs_of(response)["output"].tobytes() == expected.tobytes()


@pytest.mark.parametrize("binary", [True, False])
def test_every_quantity_of_the_forward_pass_is_an_output(server, binary):
    trace = NETWORK.forward(X)
    expected = {"output": trace.output}
    for number in (1, 2):
        expected |= {f"s_{number}": trace.s[number - 1], f"x_{number}": trace.x[number]}
    asked = [{"name": name, "parameters": {"binary_data": binary}} for name in expected]
    found = outputs_of(server.post(INFER, json=as_json(X, outputs=asked)))
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].tobytes() == np.ascontiguousarray(values).tobytes()
    described = server.get("/v2/models/classes").json()["outputs"]
    assert {output["name"] for output in described} == {*expected, "label"}


def test_labels_come_as_texts(server):
    asked = [{"name": "label"}, {"name": "output"}]
    found = outputs_of(server.post(INFER, json=as_json(X, outputs=asked)))
    best = np.argmax(found["output"], axis=1)
    assert found["label"].tolist() == [CLASSES[k] for k in best]


def test_one_sample_is_answered_as_one_sample(server):
    found = outputs_of(server.post(INFER, json=as_json(X[0])))
    assert found["output"].tobytes() == NETWORK.forward(X[0]).output.tobytes()
    assert found["output"].shape == (3,)


def test_requests_and_responses_may_be_compressed(server):
    x = np.random.default_rng(1).normal(size=(2000, 2))
    header = {
        "inputs": [tensor(x, parameters={"binary_data_size": x.nbytes})],
        "parameters": {"binary_data_output": True},
    }
    body, headers = body_of(header, x.tobytes())
    response = server.post(
        INFER,
        content=gzip.compress(body),
        headers=headers | {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"},
    )
    assert response.headers["content-encoding"] == "gzip"
    assert outputs_of(response)["output"].tobytes() == NETWORK.forward(x).output.tobytes()


def test_a_version_is_asked_by_its_number_and_by_its_alias(server):
    for bias in (0.0, 1.0):
        network = NeuralNetwork.from_parameters([[[1.0]]], [[bias]], "identity")
        server.post("/models", json={"name": "line", "network": document(network)})
    server.put("/models/line/aliases/old", json={"version": 1})
    x = np.array([[2.0]])
    for path, value in (("", 3.0), ("/versions/1", 2.0), ("/versions/old", 2.0)):
        answer = server.post(f"/v2/models/line{path}/infer", json=as_json(x))
        assert outputs_of(answer)["output"].tolist() == [[value]]
    assert server.get("/v2/models/line").json()["versions"] == ["1", "2"]
    server.put("/models/line/aliases/old", json={"version": 2})
    moved = server.post("/v2/models/line/versions/old/infer", json=as_json(x))
    assert moved.json()["model_version"] == "2"
    server.delete("/models/line/aliases/old")
    error_of(server.post("/v2/models/line/versions/old/infer", json=as_json(x)), 404)


WRONG = {
    "no inputs": ({}, "inputs"),
    "no tensor": ({"inputs": []}, "'x'"),
    "another name": ({"inputs": [tensor(X, data=X.tolist()) | {"name": "y"}]}, "'y'"),
    "twice": ({"inputs": [tensor(X, data=X.tolist())] * 2}, "twice"),
    "wrong width": (as_json(np.zeros((2, 3))), "[rows, 2]"),
    "too few numbers": ({"inputs": [tensor(X, data=[1.0])]}, "14"),
    "a text": ({"inputs": [tensor(X[:1], data=["a", "b"])]}, "numbers"),
    "a boolean": ({"inputs": [tensor(X[:1], data=[True, False])]}, "numbers"),
    "mixed": ({"inputs": [tensor(X[:1], data=[[1.0], 2.0])]}, "mixes"),
    "texts": ({"inputs": [tensor(X[:1], "BYTES", data=["a", "b"])]}, "BYTES"),
    "no whole number": ({"inputs": [tensor(X[:1], "INT8", data=[0.5, 1])]}, "INT8"),
    "too large": ({"inputs": [tensor(X[:1], "UINT8", data=[256, 1])]}, "UINT8"),
    "a negative shape": ({"inputs": [tensor(X[:1], data=[1, 2]) | {"shape": [-1, 2]}]}, "shape"),
    "no shape": ({"inputs": [{"name": "x", "datatype": "FP64", "data": [1, 2]}]}, "shape"),
    "unknown output": (as_json(X, outputs=[{"name": "s_3"}]), "s_3"),
    "no object": ([1, 2], "object"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_an_error_of_the_protocol(server, name):
    content, word = WRONG[name]
    assert word in error_of(server.post(INFER, json=content), 400)


@pytest.mark.parametrize(
    ("size", "length", "word"),
    [(15, None, "bytes"), (17, None, "within"), (16, "x", "number"), (16, "9999", "9999")],
)
def test_bytes_that_do_not_fit_are_refused(server, size, length, word):
    x = X[:1]
    header = {"inputs": [tensor(x, parameters={"binary_data_size": size})]}
    body, headers = body_of(header, x.tobytes())
    if length is not None:
        headers["Inference-Header-Content-Length"] = length
    assert word in error_of(server.post(INFER, content=body, headers=headers), 400)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_no_number_that_is_not_finite_comes_in_or_goes_out(server, value):
    x = np.array([[value, 1.0]])
    header = {"inputs": [tensor(x, parameters={"binary_data_size": x.nbytes})]}
    body, headers = body_of(header, x.tobytes())
    assert "finite" in error_of(server.post(INFER, content=body, headers=headers), 400)
    steep = NeuralNetwork.from_parameters([[[1e10]]], [[0.0]], "identity")
    server.post("/models", json={"name": "steep", "network": document(steep)})
    too_large = as_json(np.array([[1e300]]))
    error_of(server.post("/v2/models/steep/infer", json=too_large), 400)


def test_refusals_of_the_service_have_the_form_of_the_protocol(open_service, tmp_path):
    client = open_service(max_body_bytes=2000)
    error_of(client.get("/v2/nothing"), 404)
    error_of(client.get("/v2/models/none"), 404)
    error_of(client.get("/v2/models/none/ready"), 404)
    error_of(client.post("/v2/models/none/infer", json={}), 404)
    error_of(client.get("/v2/models/none/infer"), 405)
    error_of(client.post("/v2/models/none/infer", content=b"x" * 3000), 413)
    problem = client.get("/v2x")
    assert problem.headers["content-type"] == "application/problem+json"


def test_requests_without_a_key_have_the_form_of_the_protocol_too(open_service, tmp_path):
    from service.auth.key_file import KeyFile

    key = KeyFile(tmp_path / "keys").add("Alice")
    client = open_service(api_keys_file=str(tmp_path / "keys"))
    error_of(client.get("/v2"), 401)
    allowed = client.get("/v2", headers={"Authorization": f"Bearer {key}"})
    assert "binary_tensor_data" in allowed.json()["extensions"]


def test_the_server_is_alive_and_ready(server):
    assert server.get("/v2/health/live").json() == {"live": True}
    assert server.get("/v2/health/ready").json() == {"ready": True}
    ready = server.get("/v2/models/classes/ready").json()
    assert ready == {"name": "classes", "version": "1", "ready": True}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["name", "shape", "datatype", "data", "parameters", "inputs", "outputs"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(header=json_values, rest=st.binary(max_size=20), length=st.integers(-1, 60) | st.none())
def test_no_request_breaks_the_server(server, header, rest, length):
    body = json.dumps(header).encode()
    given_length = len(body) if length is None else length
    headers = {"Inference-Header-Content-Length": str(given_length)}
    response = server.post(INFER, content=body + rest, headers=headers)
    assert response.status_code in (200, 400), response.text
