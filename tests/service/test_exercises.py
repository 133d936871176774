"""POST /exercises: a sheet per seed, whose key passes /check."""

import pytest

KINDS = [
    {"kind": "forward"},
    {"kind": "backprop"},
    {"kind": "update", "activations": ["relu", "identity"], "rounding": "each_step"},
    {"kind": "backprop", "activations": ["tanh", "softmax"], "loss": "cross_entropy"},
    {"kind": "relu_system", "n": 4},
]
each_kind = pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: "-".join([kind["kind"], *kind.get("activations", [])])
)


def ask(client, **question):
    response = client.post("/exercises", json={"seed": 7} | question)
    assert response.status_code == 200, response.text
    return response.json()


@each_kind
def test_the_same_seed_gives_the_same_sheet_and_another_another(client, kind):
    assert ask(client, **kind) == ask(client, **kind)
    assert ask(client, **kind)["given"] != ask(client, **kind, seed=8)["given"]


@each_kind
def test_the_key_passes_the_check(client, kind):
    sheet = ask(client, **kind, decimals=4)
    values = {step["id"]: step["value"] for step in sheet["key"]}
    given = sheet["given"]
    question = {"decimals": 4, "rounding": kind.get("rounding", "display")}
    if kind["kind"] == "relu_system":
        question["relu_system"] = {"x": given["x"], "y": given["y"]}
        lambdas = [values[f"lambdas/{i}"] for i in range(given["n"])]
        answers = {"knots": values["knots"], "lambdas": lambdas}
    else:
        present = {key: given[key] for key in ("network", "x", "y", "loss", "eta") if given[key]}
        question |= present
        layers = [{}, {}]
        answers = {"layers": layers}
        for path, value in values.items():
            if path.startswith("layers/"):
                layers[int(path.split("/")[1])][path.split("/")[2]] = (
                    value if isinstance(value, list) else [value]
                )
    answer = client.post("/check", json=question | {"answers": answers}).json()
    assert answer["wrong"] == answer["follows"] == 0
    assert answer["correct"] > 4


@each_kind
def test_the_points_are_those_of_the_scheme(client, kind):
    sheet = ask(client, **kind)
    assert sheet["points"] == sum(line["points"] for line in sheet["scheme"]) > 0
    assert {line["id"] for line in sheet["scheme"]} <= {step["id"] for step in sheet["key"]}


@pytest.mark.parametrize("media_type", ["text/markdown", "application/x-tex", "text/html"])
def test_a_document_has_the_key_only_where_it_is_wanted(client, media_type):
    def document(key):
        body = {"seed": 7, "key": key}
        return client.post("/exercises", json=body, headers={"Accept": media_type}).text

    assert "Marking scheme" in document(True)
    assert "Marking scheme" not in document(False)
    assert "Exercise" in document(False)


def test_the_drawing_has_the_weights_and_leaves_the_units_empty(client):
    sheet = ask(client, kind="forward")
    assert sheet["drawing"].startswith("<svg")
    weights = sheet["given"]["network"]["layers"][0]["weights"]
    assert f">{weights[0][0]:g}<".replace("-", "−") in sheet["drawing"]
    solved = next(step for step in sheet["key"] if step["id"] == "layers/0/x")["value"][0]
    assert f">{solved}<" not in sheet["drawing"]


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ({"seed": -1}, "/seed"),
        ({"seed": 1, "kind": "essay"}, "/kind"),
        ({"seed": 1, "sizes": [2, 9, 2]}, "/sizes"),
        ({"seed": 1, "sizes": [2]}, "/sizes"),
        ({"seed": 1, "activations": ["sigmoid"]}, "/activations"),
        ({"seed": 1, "loss": "cross_entropy"}, "/activations/1"),
        ({"seed": 1, "kind": "relu_system", "n": 9}, "/n"),
        ({"seed": 1, "n": 3}, ""),
        ({"seed": 1, "version": 2}, "/version"),
        ({"seed": 1, "kind": "relu_system", "decimals": 0}, "/n"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_refused_where_it_is_wrong(client, question, pointer):
    response = client.post("/exercises", json=question)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer
