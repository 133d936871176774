"""The network drawn with its numbers, by `Accept`."""

from xml.etree import ElementTree

import pytest
from problem import refusal

SVG, TIKZ = "image/svg+xml", "text/x-tikz"


@pytest.fixture(scope="session")
def question(sheet):
    return {"network": sheet["network"], "x": [1, 2], "y": [0, 1]}


def drawing(client, path, body, form):
    response = client.post(f"{path}?decimals=2", json=body, headers={"Accept": form})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(form)
    assert "accept" in response.headers["vary"].lower()
    styled = "style-src 'unsafe-inline'" in response.headers["content-security-policy"]
    assert styled == (form == SVG)
    return response.text


def texts(source):
    tree = ElementTree.fromstring(source)  # noqa: S314  # our own answer
    return [element.text for element in tree.iter() if element.text]


def test_figure_1_of_the_sheet_is_drawn_with_its_numbers(client, question):
    body = {key: question[key] for key in ("network", "x")}
    shown = texts(drawing(client, "/forward", body, SVG))
    for number in ("1", "2", "0.1", "−0.8", "0.48", "0.08", "0.90", "0.45", "0.74", "b = −0.6"):
        assert number in shown
    assert r"\begin{tikzpicture}" in drawing(client, "/forward", body, TIKZ)


def test_backprop_draws_the_gradients_beside_the_parameters(client, question):
    shown = texts(drawing(client, "/backprop", question, SVG))
    for gradient in ("0.05", "0.10", "−0.02", "δ = 0.11", "δ = −0.05"):
        assert gradient in shown
    assert r"\color{slope}$-0.02$" in drawing(client, "/backprop", question, TIKZ)


def test_of_several_samples_the_mean_gradients_are_drawn_and_no_units(client, question):
    twice = question | {"x": [[1, 2]] * 2, "y": [[0, 1]] * 2}
    shown = texts(drawing(client, "/backprop", twice, SVG))
    assert "0.11" in shown
    assert "0.48" not in shown
    response = client.post("/backprop", json=twice | {"reduction": "none"}, headers={"Accept": SVG})
    refusal(response, 422, "/reduction", "2 samples")


def test_a_network_that_nobody_could_read_is_not_drawn(client):
    layer = {"weights": [[0.1] * 7], "biases": [0.1], "activation": "sigmoid"}
    body = {"network": {"layers": [layer]}, "x": [1] * 7}
    response = client.post("/forward", json=body, headers={"Accept": SVG})
    refusal(response, 422, "/network/layers", "7 units", "6 units")
