"""Conventions of books, declared in the request: the same numbers in every endpoint."""

import json
import re
from itertools import product

import numpy as np
import pytest
from problem import refusal

LAYERS = (
    ([[0.3, -0.4], [0.5, 0.2]], [0.25, 0.25], "leaky_relu"),
    ([[0.7, -0.6], [-0.2, 0.9]], [-0.1, -0.1], "sigmoid"),
)
X, Y = [0.5, 1.5], [0.0, 1.0]
BOOKS = [
    {"delta": "error"},
    {"update": "step"},
    {"shared_bias": True},
    {"leak": 0.2},
    {"l2": 0.5},
    {"delta": "error", "update": "step", "shared_bias": True, "leak": 0.3, "l2": 2.0},
]
FORMS = list(product(("columns", "rows"), ("apart", "first", "last")))


def written(weights, biases, layout, bias):
    """Weights as a book writes them, worked out cell by cell."""
    rows = [
        {"apart": list(w), "first": [b, *w], "last": [*w, b]}[bias]
        for w, b in zip(weights, biases, strict=True)
    ]
    return rows if layout == "columns" else [list(column) for column in zip(*rows, strict=True)]


def network(layout="columns", bias="apart", layers=LAYERS):
    parts = [
        {"weights": written(w, b, layout, bias), "activation": name}
        | ({"biases": list(b)} if bias == "apart" else {})
        for w, b, name in layers
    ]
    return {"layers": parts, "layout": layout, "bias": bias}


def backprop(client, question):
    answer = client.post("/backprop", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("layout", "bias"), FORMS)
@pytest.mark.parametrize("samples", [1, 3])
def test_gradients_have_the_form_of_the_weights(client, layout, bias, samples):
    rows = {1: (X, Y), 3: ([X, [1, 2], [-1, 0.5]], [Y, [1, 0], [1, 1]])}[samples]
    question = {"x": rows[0], "y": rows[1], "reduction": "none" if samples > 1 else "mean"}
    usual = backprop(client, question | {"network": network()})
    other = backprop(client, question | {"network": network(layout, bias)})
    for of_usual, of_other in zip(usual["layers"], other["layers"], strict=True):
        gradient, biases = of_usual["weights_gradient"], of_usual["biases_gradient"]
        if samples == 1:
            gradient, biases = [gradient], [biases]
        expected = [written(w, b, layout, bias) for w, b in zip(gradient, biases, strict=True)]
        got = of_other["weights_gradient"]
        assert np.allclose(got, expected if samples > 1 else expected[0], rtol=1e-14)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_gradients_by_convention_predict_the_loss_by_convention(client, reduction):
    book = {"leak": 0.3, "l2": 0.7, "shared_bias": True}
    question = {"x": [X, [-2, 1]], "y": [Y, [1, 0]], "reduction": reduction, "conventions": book}
    generator = np.random.default_rng(5)
    steps = [(generator.normal(size=(2, 2)), generator.normal()) for _ in LAYERS]

    def at(t):
        layers = [
            (np.add(w, t * dw).tolist(), np.add(b, t * db).tolist(), name)
            for (w, b, name), (dw, db) in zip(LAYERS, steps, strict=True)
        ]
        body = question | {"network": network("rows", "last", layers=layers)}
        return backprop(client, body)

    h = 1e-5
    measured = (at(h)["loss"] - at(-h)["loss"]) / (2 * h)
    predicted = sum(
        float(np.sum(np.array(layer["weights_gradient"])[:-1].T * dw))
        + db * layer["biases_gradient"][0]
        for layer, (dw, db) in zip(at(0)["layers"], steps, strict=True)
    )
    assert predicted == pytest.approx(measured, rel=1e-7)


def test_delta_has_the_sign_of_the_error_and_the_gradients_stay(client):
    question = {"network": network(), "x": X, "y": Y}
    usual = backprop(client, question)
    other = backprop(client, question | {"conventions": {"delta": "error"}})
    for of_usual, of_other in zip(usual["layers"], other["layers"], strict=True):
        assert np.array_equal(of_other.pop("delta"), np.negative(of_usual.pop("delta")))
        assert of_other == of_usual


@pytest.mark.parametrize("book", BOOKS, ids=str)
@pytest.mark.parametrize(("layout", "bias"), [("columns", "apart"), ("rows", "last")])
def test_solution_backprop_and_check_agree_by_every_convention(client, book, layout, bias):
    question = {"network": network(layout, bias), "x": X, "y": Y, "conventions": book}
    exact = backprop(client, question)
    steps = client.post("/solution", json=question | {"eta": 0.5, "decimals": 10}).json()["steps"]
    values = {step["id"]: step["value"] for step in steps}
    if layout == "rows":
        values |= {
            name: np.transpose(one).tolist() for name, one in values.items() if "weights" in name
        }
    plain = backprop(client, question | {"network": network()})
    assert values["loss"] == pytest.approx(exact["loss"], abs=1e-9)
    for number, layer in enumerate(plain["layers"]):
        for name in ("delta", "weights_gradient", "biases_gradient"):
            assert np.allclose(values[f"layers/{number}/{name}"], layer[name], atol=1e-9)
    kept = ("s", "x", "delta", "weights_gradient")
    layers = [{name: layer[name] for name in kept} for layer in exact["layers"]]
    for number, layer in enumerate(layers):
        layer["updated_weights"] = written(
            values[f"layers/{number}/updated_weights"],
            values[f"layers/{number}/updated_biases"],
            layout,
            bias,
        )
    handed_in = {"loss": exact["loss"], "layers": layers}
    asked = question | {"eta": 0.5, "decimals": 8, "answers": handed_in}
    report = client.post("/check", json=asked).json()
    assert (report["wrong"], report["follows"], report["conventions"]) == (0, 0, [])
    assert report["correct"] >= 26


ARRAY = re.compile(r"\\begin\{array\}\{r+\} (.*?) \\end\{array\}")


def arrays(formula):
    """Every matrix of numbers in LaTeX."""
    rows = (found.split(r" \\ ") for found in ARRAY.findall(formula))
    return [np.array([[float(n) for n in row.split(" & ")] for row in matrix]) for matrix in rows]


def test_a_solution_by_rows_multiplies_row_vectors(client):
    question = {"network": network("rows"), "x": X, "y": Y}
    steps = client.post("/solution", json=question | {"decimals": 8, "each": True}).json()["steps"]
    by_id = {step["id"]: step for step in steps}
    assert by_id["layers/0/s"]["formula"] == "x^{( 0 )} w^{( 1 )} + b^{( 1 )}"
    assert by_id["layers/0/x_gradient"]["formula"] == r"\delta^{( 2 )} w^{( 2 ) \top}"
    assert by_id["layers/1/weights_gradient"]["formula"] == r"x^{( 1 ) \top} \delta^{( 2 )}"
    # What is plugged in has the shapes of that product, and gives the value.
    x, w, b = arrays(by_id["layers/0/s"]["substituted"])[:3]
    assert np.allclose(x @ w + b, [by_id["layers/0/s"]["value"]], atol=1e-7)
    delta, w = arrays(by_id["layers/0/x_gradient"]["substituted"])[:2]
    assert np.allclose(delta @ w, [by_id["layers/0/x_gradient"]["value"]], atol=1e-7)
    x, delta = arrays(by_id["layers/1/weights_gradient"]["substituted"])
    assert np.allclose(x @ delta, by_id["layers/1/weights_gradient"]["value"], atol=1e-7)
    exact = backprop(client, question)
    entries = (entry for step in steps for entry in step["entries"])
    found = [entry for entry in entries if "/weights_gradient/" in entry["pointer"]]
    for entry in found:
        _, _, layer, name, row, column = entry["pointer"].split("/")
        right = exact["layers"][int(layer)][name][int(row)][int(column)]
        assert entry["value"] == pytest.approx(right, abs=1e-7)
        assert f"w_{{{int(row) + 1} , {int(column) + 1}}}" in entry["symbol"]
    assert len(found) == 8


@pytest.mark.parametrize(
    ("book", "names"),
    [
        ({"delta": "error"}, ["delta_error"]),
        ({"shared_bias": True}, ["shared_bias"]),
        ({"leak": 0.2}, ["leak"]),
        ({"l2": 0.5}, ["l2"]),
        ({"delta": "error", "shared_bias": True}, ["delta_error", "shared_bias"]),
    ],
    ids=str,
)
def test_undeclared_conventions_are_named_and_declared_ones_taken_back(client, book, names):
    layers = [([[-0.3, -0.4], [0.5, 0.2]], [0.25, 0.25], "leaky_relu"), LAYERS[1]]
    question = {"network": network(layers=layers), "x": X, "y": Y}
    exact = backprop(client, question | {"conventions": book})
    kept = ("s", "x", "delta", "weights_gradient", "biases_gradient")
    layers = [{name: layer[name] for name in kept} for layer in exact["layers"]]
    question |= {"decimals": 7, "answers": {"loss": exact["loss"], "layers": layers}}
    report = client.post("/check", json=question).json()
    assert (report["wrong"], [one["name"] for one in report["conventions"]]) == (0, names)
    declared = {k: v for one in report["conventions"] for k, v in one["declare"].items()}
    assert set(declared) == {"conventions"}
    # Numbers by the usual convention, where another one was declared.
    usual = backprop(client, {key: question[key] for key in ("network", "x", "y")})
    layers = [{name: layer[name] for name in kept} for layer in usual["layers"]]
    handed_in = {"loss": usual["loss"], "layers": layers}
    back = client.post("/check", json=question | {"conventions": book, "answers": handed_in})
    assert (back.json()["wrong"], len(back.json()["conventions"])) == (0, len(names))


def test_pointers_and_sentences_count_rows_and_columns_as_they_were_written(client):
    question = {"network": network("rows", "first"), "x": X, "y": Y}
    gradient = backprop(client, question)["layers"][0]["weights_gradient"]
    gradient[2][0] += 1.0  # the weight from the second input to the first unit
    answers = {"layers": [{"weights_gradient": gradient}]}
    report = client.post("/check", json=question | {"decimals": 8, "answers": answers}).json()
    assert report["first_wrong"]["pointer"] == "/layers/0/weights_gradient/2/0"
    assert "∂E/∂w⁽¹⁾ in row 3, column 1" in report["summary"]
    assert (report["wrong"], report["correct"]) == (1, 5)


def test_a_solution_writes_its_conventions(client):
    book = BOOKS[-1]
    question = {"network": network(), "x": X, "y": Y, "eta": 0.5, "conventions": book}
    text = client.post("/solution", json=question, headers={"Accept": "text/markdown"}).text
    for words in (
        r"$\delta = - \frac{\partial E}{\partial s}$",
        "All units of a layer share one bias.",
        r"\max ( s , 0.3 s )",
        r"+ \frac{\lambda}{2} \sum_{w} w^{2}",
        r"y - x^{( 2 )}",
        r"- \left( \sum_{k} \delta_{k}^{( 2 )} \right)",
        r"+ \lambda w^{( 1 )}",
        r"\Delta w^{( 1 )} &= - \eta",
    ):
        assert words in text, words


def test_without_a_loss_the_gradients_are_those_of_the_output(client):
    # z = w x by hand: ∂z/∂x is w, and ∂z/∂w is x.
    layer = {"weights": [[2]], "biases": [0], "activation": "relu"}
    question = {"network": {"layers": [layer]}, "x": [1], "loss": "none"}
    answer = backprop(client, question | {"gradient_check": True})
    assert (answer["loss"], answer["x_gradient"]) == (2.0, [2.0])
    assert answer["layers"][0]["weights_gradient"] == [[1.0]]
    assert answer["gradient_check"]["max_relative_error"] < 1e-10
    steps = client.post("/solution", json=question | {"eta": 0.5}).json()["steps"]
    assert next(one["value"] for one in steps if one["id"] == "layers/0/updated_weights") == [[1.5]]
    answers = {"x_gradient": [2], "layers": [{"weights_gradient": [[1]]}]}
    report = client.post("/check", json=question | {"answers": answers}).json()
    assert (report["wrong"], report["correct"]) == (0, 2)


def test_the_perceptron_rule_moves_the_line_by_the_error_times_the_input(client):
    # Rosenblatt: w ← w + η (y - ŷ) x, with ŷ = 1 where s ≥ 0. Here s = -0.5, so ŷ = 0 and y = 1.
    layer = {"weights": [[0.5, -0.2]], "biases": [-0.3], "activation": "step"}
    question = {"network": {"layers": [layer]}, "x": [0, 1], "y": [1], "eta": 0.5}
    assert client.post("/forward", json={k: question[k] for k in ("network", "x")}).json()[
        "output"
    ] == [0.0]
    question |= {"loss": "perceptron"}
    steps = {
        one["id"]: one["value"] for one in client.post("/solution", json=question).json()["steps"]
    }
    assert steps["layers/0/updated_weights"] == [[0.5, 0.3]]
    assert steps["layers/0/updated_biases"] == [0.2]
    answers = {"layers": [{"updated_weights": [[0.5, 0.3]], "updated_biases": [-0.8]}]}
    report = client.post("/check", json=question | {"answers": answers}).json()
    assert (report["correct"], report["wrong"]) == (2, 1)
    assert report["first_wrong"]["mistakes"][0]["name"] == "step_upwards"


STEP = {"layers": [{"weights": [[1, 1]], "biases": [0], "activation": "step"}]}
RELU = {"layers": [{"weights": [[1, 1]], "biases": [0], "activation": "relu"}]}
OWN = {"layers": [{"weights": [[1, 1], [2, 2]], "biases": [0, 1], "activation": "leaky_relu"}]}
REFUSED = [
    ("/backprop", RELU, {}, "/y", ["missing", '"loss": "none"']),
    ("/backprop", RELU, {"y": [1], "loss": "none"}, "/y", ["leave y out"]),
    ("/backprop", OWN, {"loss": "none"}, "/network/layers/0", ["2", "one output"]),
    ("/backprop", STEP, {"y": [1]}, "/network/layers/0/activation", ["step", "perceptron"]),
    (
        "/backprop",
        RELU,
        {"loss": "none", "conventions": {"delta": "error"}},
        "/conventions/delta",
        ["without a loss"],
    ),
    (
        "/backprop",
        RELU,
        {"y": [1], "conventions": {"l2": 1}, "gradient_check": True},
        "/conventions/l2",
        ["gradient check", "leave l2 out"],
    ),
    (
        "/backprop",
        RELU,
        {"y": [1], "conventions": {"l2": 1}, "reduction": "none"},
        "/conventions/l2",
        ["reduction is none"],
    ),
    ("/forward", RELU, {"conventions": {"leak": 0.1}}, "/conventions/leak", ["no layer"]),
    (
        "/solution",
        OWN,
        {"y": [1, 1], "conventions": {"shared_bias": True}},
        "/network/layers/0/biases",
        ["share one bias", "different"],
    ),
    ("/solution", STEP, {"y": [1]}, "/network/layers/0/activation", ["perceptron"]),
    (
        "/check",
        RELU,
        {"y": [1], "loss": "perceptron", "answers": {}},
        "/network/layers/0/activation",
        ["relu", "step in its last layer"],
    ),
    (
        "/check",
        STEP,
        {"y": [2], "loss": "perceptron", "answers": {}},
        "/y",
        ["perceptron", "[0, 1]"],
    ),
    ("/check", RELU, {"loss": "none", "y": [1], "answers": {}}, "/y", ["leave y out"]),
]


@pytest.mark.parametrize(
    ("path", "layers", "more", "pointer", "words"), REFUSED, ids=lambda one: json.dumps(one)[:40]
)
def test_what_makes_no_sense_by_a_convention_is_refused(client, path, layers, more, pointer, words):
    body = {"network": layers, "x": [1, 2]} | more
    refusal(client.post(path, json=body), 422, pointer, *words)


def test_a_penalty_or_a_sum_that_overflows_is_refused(client):
    layer = {"weights": [[1e200, 1.0]], "biases": [0.0], "activation": "sigmoid"}
    body = {"network": {"layers": [layer]}, "x": [0, 1], "y": [1], "conventions": {"l2": 1}}
    refusal(client.post("/backprop", json=body), 422, "/conventions/l2", "penalty")


def test_a_sheet_by_conventions_says_so_and_its_key_is_right_for_check(client):
    book = {"delta": "error", "update": "step", "shared_bias": True, "leak": 0.2, "l2": 0.5}
    question = {"kind": "update", "seed": 3, "decimals": 4, "conventions": book}
    question |= {"activations": ["leaky_relu", "sigmoid"], "sizes": [2, 2, 2]}
    sheet = client.post("/exercises", json=question).json()
    assert sheet["given"]["conventions"] == book
    assert all(len(set(layer["biases"])) == 1 for layer in sheet["given"]["network"]["layers"])
    for words in ("All units of a layer share one bias.", r"\Delta b^{( l )} = - \eta", "= - "):
        assert words in sheet["task"]
    key = {step["id"]: step["value"] for step in sheet["key"]}
    layers = [
        {
            name: key[f"layers/{number}/{name}"]
            for name in ("s", "x", "delta", "weights_gradient", "updated_biases")
        }
        for number in (0, 1)
    ]
    handed_in = sheet["given"] | {"decimals": 4, "answers": {"layers": layers}}
    report = client.post("/check", json=handed_in).json()
    assert (report["wrong"], report["follows"], report["conventions"]) == (0, 0, [])
    assert report["correct"] == 24
    again = client.get("/exercises", params={"code": sheet["code"]}).json()
    assert (again["given"], again["task"]) == (sheet["given"], sheet["task"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("B7-232-ll-q-d3-k1.2.3", "no code of a sheet"),
        ("B7-232-ll-q-d3-k1", "the slope of the leaky ReLU is 1"),
        ("B7-232-ll-q-d3-p1e7", "λ of the penalty is 1e+07"),
        ("B7-232-ss-q-d3-k0.2", "no layer has the activation leaky_relu"),
    ],
)
def test_a_code_with_conventions_that_make_no_sense_is_refused(client, code, words):
    refusal(client.get("/exercises", params={"code": code}), 422, "/code", words)


def test_neither_page_nor_drawing_shows_a_target_where_there_is_no_loss(client):
    layer = {"weights": [[2, 1]], "biases": [0.5], "activation": "tanh"}
    question = {"network": {"layers": [layer]}, "x": [1, -2], "loss": "none"}
    for path, media_type in (("/solution", "text/markdown"), ("/backprop", "image/svg+xml")):
        text = client.post(path, json=question, headers={"Accept": media_type}).text
        assert "y =" not in text
        assert "0.5" in text
    with_y = question | {"loss": "squared", "y": [1]}
    drawn = client.post("/backprop", json=with_y, headers={"Accept": "image/svg+xml"}).text
    assert "y = 1" in drawn


def test_a_shared_bias_sums_over_units_and_never_over_samples(client):
    question = {"network": network(), "x": [X, [1, 2]], "y": [Y, [1, 0]], "reduction": "none"}
    usual = backprop(client, question)
    shared = backprop(client, question | {"conventions": {"shared_bias": True}})
    for of_usual, of_shared in zip(usual["layers"], shared["layers"], strict=True):
        totals = np.sum(of_usual["biases_gradient"], axis=1)
        assert np.allclose(of_shared["biases_gradient"], np.stack([totals, totals], axis=1))
