"""Networks and approximations as files over HTTP: what `core.export` writes of the same network."""

import pytest
from problem import problem, refusal

from core.approximation.request import ApproximationRequest
from core.export.approximation.formats import APPROXIMATION_FORMATS
from core.export.file_format import FileFormat, by_media_type
from core.export.network.formats import NETWORK_FORMATS
from core.neural_network import NeuralNetwork
from service.limits import Limits
from service.settings import Settings

TRAINING = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 3},
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
    "iterations": 20,
    "eta": 0.5,
}
SINE = {"function": "sin(x)", "interval": [0, 3], "n": 9, "quantize": {"bits": 16}}
TABLE = {"samples": {"x": [0, 1, 2, 4], "y": [1, 0.5, 2, 1.25]}, "n": 3}


def available(formats):
    return sorted(name for name, each in formats.items() if each.is_available)


def network_in(document) -> NeuralNetwork:
    columns = ("weights", "biases", "activation")
    return NeuralNetwork.from_parameters(
        *([layer[column] for layer in document["layers"]] for column in columns)
    )


@pytest.fixture(scope="module")
def trained(client):
    """The address of a trained network, and the network."""
    path = client.post("/train", json=TRAINING).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    address = f"{path}/network"
    return address, network_in(client.get(address).json())


@pytest.mark.parametrize("name", available(NETWORK_FORMATS))
def test_a_network_is_every_file_that_the_core_writes(client, trained, name):
    address, network = trained
    response = client.get(address, params={"format": name})
    file_format = NETWORK_FORMATS[name]
    assert response.status_code == 200
    assert response.content == file_format.write(network)
    assert response.headers["content-type"].startswith(file_format.media_type)
    assert f'filename="network.{file_format.suffix}"' in response.headers["content-disposition"]


@pytest.mark.parametrize("version", ["", "/versions/latest"])
def test_a_model_is_its_description_or_a_file(client, trained, version):
    _, network = trained
    document = client.get(trained[0]).json()
    assert client.post("/models", json={"name": "file", "network": document}).status_code == 201
    address = f"/models/file{version}"
    assert client.get(address).json()["name"] == "file"
    for name in ("npz", "c99"):
        response = client.get(address, params={"format": name})
        assert response.content == NETWORK_FORMATS[name].write(network)
        accept = {"Accept": NETWORK_FORMATS[name].media_type}
        assert client.get(address, headers=accept).content == response.content
    problem(client.get(address, headers={"Accept": "audio/midi"}), 406)
    problem(client.get("/models/none" + version, params={"format": "npz"}), 404)


@pytest.mark.parametrize(("media_type", "name"), by_media_type(NETWORK_FORMATS).items())
def test_accept_asks_for_the_first_format_of_a_media_type(client, trained, media_type, name):
    address, network = trained
    response = client.get(address, headers={"Accept": media_type})
    assert response.content == NETWORK_FORMATS[name].write(network)
    assert "Accept" in response.headers["vary"]


def test_json_stays_the_default_and_has_a_name_too(client, trained):
    address, network = trained
    plain = client.get(address, headers={"Accept": "*/*"})
    assert plain.content == client.get(address, params={"format": "json"}).content
    assert plain.headers["content-type"] == "application/json"
    assert [layer.weights.tobytes() for layer in network_in(plain.json()).layers] == [
        layer.weights.tobytes() for layer in network.layers
    ]


def test_a_client_that_has_a_file_is_not_sent_it_again(client, trained):
    address, _ = trained
    tags = set()
    for query in ({"format": "npz"}, {"format": "npz", "precision": "float32"}, {}):
        first = client.get(address, params=query)
        again = client.get(address, params=query, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        tags.add(first.headers["etag"])
    assert len(tags) == 3


def test_a_file_comes_in_the_precision_asked_for(client, trained):
    address, network = trained
    response = client.get(address, params={"format": "npz", "precision": "float32"})
    assert response.content == NETWORK_FORMATS["npz"].write(network.astype("float32"))


def test_an_unknown_format_is_refused_with_those_there_are(client, trained):
    refusal(
        client.get(trained[0], params={"format": "pickle"}), 422, "/query/format", *NETWORK_FORMATS
    )
    problem(client.get(trained[0], headers={"Accept": "application/x-hdf5"}), 406)


def test_a_format_whose_package_is_missing_is_not_acceptable(client, trained, monkeypatch):
    monkeypatch.setattr(FileFormat, "is_available", property(lambda self: self.package is None))
    document = problem(client.get(trained[0], params={"format": "onnx"}), 406)
    assert "chainrule[export]" in document["detail"]
    problem(client.get(trained[0], headers={"Accept": "application/x-onnx"}), 406)
    assert client.get(trained[0], params={"format": "npz"}).status_code == 200


@pytest.mark.parametrize("name", available(APPROXIMATION_FORMATS))
def test_an_approximation_is_every_file_that_the_core_writes(client, name):
    question = TABLE if name == "vnnlib" else SINE
    response = client.post("/approximate", params={"format": name}, json=question)
    assert response.status_code == 200, response.text
    file_format = APPROXIMATION_FORMATS[name]
    assert response.headers["content-type"].startswith(file_format.media_type)
    assert response.content == file_format.write(result_of(question))


def result_of(question):
    from service.schemas.approximation.request import ApproximateRequest

    request = ApproximateRequest(**question).to_core()
    assert isinstance(request, ApproximationRequest)
    return request.run(Limits(Settings()).budget())


@pytest.mark.parametrize("media_type", ["text/x-c", "text/x-lp", "text/x-mps", "text/x-vnnlib"])
def test_accept_asks_for_a_file_of_an_approximation(client, media_type):
    response = client.post("/approximate", json=TABLE, headers={"Accept": media_type})
    name = by_media_type(APPROXIMATION_FORMATS)[media_type]
    assert response.content == APPROXIMATION_FORMATS[name].write(result_of(TABLE))


def test_what_a_format_cannot_hold_is_refused_at_its_place(client):
    ask = {"function": "sin(x)", "interval": [0, 3], "n": 4}
    refused = client.post("/approximate", params={"format": "c_integer"}, json=ask)
    refusal(refused, 422, "/quantize", "fixed point")
    refused = client.post("/approximate", params={"format": "vnnlib"}, json=ask)
    refusal(refused, 422, "/function", "table")


def test_too_many_points_for_a_solver_are_refused(client):
    ask = {"function": "sin(x)", "interval": [0, 3], "n": 100_001}
    refused = client.post("/approximate", params={"format": "lp"}, json=ask)
    refusal(refused, 422, "/query/format", "100,001")


def test_a_job_of_an_approximation_has_the_same_files(client):
    headers = {"Prefer": "respond-async"}
    path = client.post("/approximate", json=SINE, headers=headers).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    for name in ("c_lookup", "lp", "onnx"):
        at_once = client.post("/approximate", params={"format": name}, json=SINE).content
        later = client.get(f"{path}/approximation", params={"format": name})
        assert later.content == at_once
        assert later.headers["etag"]
    as_network = client.get(f"{path}/network", params={"format": "python"}).content
    assert as_network == client.post("/approximate", params={"format": "python"}, json=SINE).content
