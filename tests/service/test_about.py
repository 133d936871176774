"""GET /about: names out of the tables, and the limits that are kept."""

from core.datasets import DATASETS
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES


def test_the_names_are_those_of_the_tables_and_the_limits_those_of_the_operator(open_service):
    answer = open_service(max_layers=3).get("/about").json()
    assert answer["activations"] == list(ACTIVATIONS)
    assert answer["losses"] == list(LOSSES)
    assert answer["datasets"] == list(DATASETS)
    assert answer["limits"]["max_layers"] == 3
    assert answer["api_keys"] is False


def test_a_named_limit_is_the_one_that_refuses(client):
    most = client.get("/about").json()["limits"]["max_layers"]
    layer = {"weights": [[0.5]], "biases": [0.0], "activation": "tanh"}
    for layers, status in ((most, 200), (most + 1, 422)):
        question = {"network": {"layers": [layer] * layers}, "x": [1.0]}
        assert client.post("/forward", json=question).status_code == status
