"""POST /solution: steps as JSON, documents by `Accept`, refusals that say how long."""

from xml.etree import ElementTree

import pytest

PAPER = {
    "text/markdown": "# Backpropagation in a 2-3-2 network",
    "application/x-tex": r"\documentclass",
    "text/html": "<!DOCTYPE html>",
}


@pytest.fixture(scope="session")
def question(sheet):
    return {"network": sheet["network"], "x": [1, 2], "y": [0, 1], "decimals": 2}


def step(answer, path):
    return next(one for one in answer["steps"] if one["id"] == path)


def test_the_sheets_printed_digits_come_out_as_steps(client, question):
    answer = client.post("/solution", json=question).json()
    assert step(answer, "layers/0/s")["value"] == [-0.1, -2.4, 2.2]
    assert step(answer, "layers/0/x")["value"] == [0.48, 0.08, 0.90]
    assert step(answer, "layers/1/x")["value"] == [0.45, 0.74]
    gradient = step(answer, "layers/1/weights_gradient")
    assert gradient["value"] == [[0.05, 0.01, 0.10], [-0.02, 0.0, -0.05]]
    assert gradient["symbol"] == r"\frac{\partial E}{\partial w^{( 2 )}}"
    assert gradient["formula"] == r"\delta^{( 2 )} x^{( 1 ) \top}"
    assert "0.11" in gradient["substituted"]


@pytest.mark.parametrize("media_type", PAPER)
def test_the_same_comes_on_paper_by_accept(client, question, media_type):
    response = client.post("/solution", json=question, headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert "accept" in response.headers["vary"].lower()
    assert PAPER[media_type] in response.text
    assert "0.48" in response.text


def test_a_page_may_style_itself_and_nothing_else(client, question):
    response = client.post("/solution", json=question, headers={"Accept": "text/html"})
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script" not in policy


def test_another_media_type_is_not_to_be_had(client, question):
    response = client.post("/solution", json=question, headers={"Accept": "image/png"})
    assert response.status_code == 406


def test_without_y_it_is_the_forward_pass_and_with_eta_there_is_an_update(client, question):
    forward = client.post("/solution", json=question | {"y": None}).json()
    assert [one["id"].split("/")[-1] for one in forward["steps"]] == ["s", "x", "s", "x"]
    update = client.post("/solution", json=question | {"eta": 0.5}).json()
    # 0.4 - 0.5 · 0.0524 = 0.3738
    assert step(update, "layers/1/updated_weights")["value"][0][0] == 0.37


def test_the_relu_system_of_a_parabola(client):
    system = {"function": "x^2", "interval": [0, 1], "n": 5}
    answer = client.post("/solution", json={"relu_system": system, "decimals": 4}).json()
    lambdas = [one["value"] for one in answer["steps"] if one["id"].startswith("lambdas")]
    assert lambdas == [0.0, 0.25, 0.5, 0.5, 0.5]
    points = {"x": [0, 0.25, 0.5, 0.75, 1], "y": [0, 0.0625, 0.25, 0.5625, 1]}
    given = client.post("/solution", json={"relu_system": points, "decimals": 4}).json()
    assert [one["value"] for one in given["steps"] if one["id"].startswith("lambdas")] == lambdas


def wide(d_in):
    layer = {"weights": [[0.1] * d_in], "biases": [0.1], "activation": "sigmoid"}
    return {"network": {"layers": [layer]}, "x": [1.0] * d_in}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (wide(40), "40 columns"),
        ({"x": [[1, 2]] * 60, "y": [[0, 1]] * 60}, "numbers long"),
        ({"decimals": 2, "significant_digits": 2}, "not both"),
        ({"decimals": 11}, "10"),
        ({"x": None}, "needs x"),
        ({"y": None, "eta": 0.1}, "needs y"),
        ({"y": [[0, 1]]}, "rows of samples"),
        ({"network": None}, "either network or relu_system"),
        ({"relu_system": {"function": "x", "interval": [0, 1], "n": 2}}, "either"),
        ({"y": [0, 2], "loss": "binary_cross_entropy"}, r"[0, 1]"),
    ],
)
def test_what_cannot_be_written_out_is_refused_with_the_reason(client, question, change, says):
    if change.get("network"):
        change = change | {"y": None}
    response = client.post("/solution", json=question | change)
    assert response.status_code == 422
    assert says in response.json()["detail"]


@pytest.mark.parametrize(
    ("system", "pointer"),
    [
        ({"function": "1/x", "interval": [0, 1], "n": 3}, "/relu_system/function"),
        ({"function": "x", "interval": [1, 0], "n": 3}, "/relu_system/interval"),
        ({"x": [0, 0], "y": [1, 2]}, "/relu_system/x/1"),
        ({"x": [0, 1], "y": [1, 2, 3]}, "/relu_system/y"),
        ({"x": [0.0, 1.0] * 10, "y": [1.0] * 20}, "/relu_system/x/2"),
    ],
)
def test_a_system_that_has_no_solution_is_refused_where_it_is_wrong(client, system, pointer):
    response = client.post("/solution", json={"relu_system": system})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


def numbers_of(value, path):
    """Every number of nested lists with its pointer."""
    if not isinstance(value, list):
        return {path: value}
    return {k: v for i, one in enumerate(value) for k, v in numbers_of(one, f"{path}/{i}").items()}


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize(
    ("last", "loss"),
    [
        ("sigmoid", "squared"),
        ("softmax", "cross_entropy"),
        ("softmax", "squared"),
        ("sigmoid", "binary_cross_entropy"),
        ("leaky_relu", "squared"),
    ],
)
def test_each_number_has_a_line_of_its_own_under_the_pointer_of_check(
    client, question, samples, last, loss
):
    network = {"layers": [dict(layer) for layer in question["network"]["layers"]]}
    network["layers"][-1]["activation"] = last
    x, y = question["x"], question["y"]
    body = {"network": network, "loss": loss, "eta": 0.5, "decimals": 6}
    body |= {"x": x, "y": y} if samples == 1 else {"x": [x, x[::-1]], "y": [y, y[::-1]]}
    steps = client.post("/solution", json=body | {"each": True}).json()["steps"]
    judged = client.post("/check", json=body | {"answers": {}}).json()["numbers"]
    expected = {one["pointer"]: one["expected"] for one in judged}
    entries = [entry for step in steps for entry in step["entries"]]
    pointers = [entry["pointer"] for entry in entries]
    assert len(set(pointers)) == len(pointers)
    assert {p for p in expected if not p.startswith("/x_gradient")} == set(pointers)
    for entry in entries:
        assert entry["value"] == expected[entry["pointer"]], entry["pointer"]
        for formula in filter(None, entry["mathml"].values()):
            assert ElementTree.fromstring(formula).tag == "math"  # noqa: S314 - ours
    symbols = [entry["symbol"] for entry in entries if "weights_gradient" in entry["pointer"]]
    assert len(set(symbols)) >= len(symbols) / samples


def test_a_line_has_the_formula_of_its_own_number(client, question):
    steps = client.post("/solution", json=question | {"each": True, "decimals": 2}).json()["steps"]
    lines = {entry["pointer"]: entry for step in steps for entry in step["entries"]}
    s = lines["/layers/0/s/1"]
    assert s["formula"] == (
        "w_{2 , 1}^{( 1 )} x_{1}^{( 0 )} + w_{2 , 2}^{( 1 )} x_{2}^{( 0 )} + b_{2}^{( 1 )}"
    )
    assert s["substituted"] == (r"-0.4 \cdot 1 - 0.8 \cdot 2 - 0.4")
    assert (s["value"], s["exact"]) == (-2.4, True)
    gradient = lines["/layers/1/weights_gradient/1/2"]
    assert gradient["formula"] == r"\delta_{2}^{( 2 )} x_{3}^{( 1 )}"
    assert "<mi>δ</mi>" in gradient["mathml"]["formula"]
    assert not gradient["exact"]


def test_steps_have_no_lines_unless_asked_but_always_mathml(client, question):
    for step in client.post("/solution", json=question).json()["steps"]:
        assert step["entries"] is None
        assert step["mathml"]["symbol"].startswith("<math>")
        assert bool(step["mathml"]["substituted"]) == bool(step["substituted"])
