"""GET /train/{id}/plot as JSON: the outputs on a grid, now and after any iteration."""

import numpy as np
import pytest
from problem import problem, refusal

JSON = {"Accept": "application/json"}
MOONS = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 40, "seed": 3},
    "batch_size": 8,
    "iterations": 30,
    "optimizer": "adam",
}


@pytest.fixture(scope="module")
def path(client):
    path = client.post("/train", json=MOONS).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    return path


def forwarded(client, network, surface):
    x = [[u, v] for v in surface["x2"] for u in surface["x1"]]
    asked = {"network": network, "x": x, "intermediates": False}
    output = np.array(client.post("/forward", json=asked).json()["output"])
    return output.T.reshape(-1, len(surface["x2"]), len(surface["x1"]))


def test_the_surface_is_the_forward_pass_on_the_grid(client, path):
    surface = client.get(f"{path}/plot?points=7", headers=JSON).json()
    assert len(surface["x1"]) == len(surface["x2"]) == 7
    network = client.get(f"{path}/network").json()
    np.testing.assert_array_equal(surface["z"], forwarded(client, network, surface))


@pytest.mark.parametrize("iteration", [0, 13, 29, 30])
def test_the_surface_of_an_iteration_is_of_the_network_then(client, path, iteration):
    surface = client.get(f"{path}/plot?points=5&iteration={iteration}", headers=JSON).json()
    network = (
        client.get(f"{path}/steps/{iteration + 1}?rows=none").json()["network"]
        if iteration < 30
        else client.get(f"{path}/network?at=last").json()
    )
    np.testing.assert_array_equal(surface["z"], forwarded(client, network, surface))


def test_what_has_no_surface_says_why(client, path):
    assert problem(client.get(f"{path}/plot?iteration=31", headers=JSON), 404)["detail"]
    line = MOONS | {
        "architecture": {"sizes": [1, 1]},
        "data": {"x": [[0], [1]], "y": [[0], [1]]},
        "batch_size": None,
    }
    other = client.post("/train", json=line).headers["location"]
    client.ended(other)
    refusal(client.get(f"{other}/plot", headers=JSON), 422, "/query/show", "2 inputs")
    assert client.get(f"{path}/plot").headers["content-type"] == "image/png"
