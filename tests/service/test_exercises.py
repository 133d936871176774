"""POST /exercises: a sheet per seed, whose key passes /check."""

import re
from io import BytesIO
from zipfile import ZipFile

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
    ids = {line["id"] for line in sheet["scheme"]}
    assert ids - {step["id"] for step in sheet["key"]} <= {"system", "network"}
    asked = {step["id"].split("/")[-1] for step in sheet["key"]} & {"slope", "x_gradient"}
    assert not {one.split("/")[-1] for one in ids} & asked


@each_kind
def test_what_is_given_can_be_posted_to_check_as_it_is(client, kind):
    given = ask(client, **kind)["given"]
    answer = client.post("/check", json=given | {"answers": {}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["missing"] > 0


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


SHAPES = [
    {"kind": "forward"},
    {"kind": "backprop", "sizes": [2, 2, 1], "activations": ["tanh", "identity"], "decimals": 4},
    {"kind": "update", "rounding": "each_step", "significant_digits": 4},
    {"kind": "relu_system", "n": 4},
]


def address(shape):
    """The same shape as it stands in an address."""
    lists = {"sizes": "-", "activations": ","}
    return {
        name: lists[name].join(map(str, value)) if name in lists else value
        for name, value in shape.items()
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape["kind"])
def test_a_sheet_has_an_address_and_a_code_that_brings_it_back(client, shape):
    posted = ask(client, **shape)
    assert client.get("/exercises", params={"seed": 7, **address(shape)}).json() == posted
    assert client.get("/exercises", params={"code": posted["code"].lower()}).json() == posted
    page = client.post(
        "/exercises", json={"seed": 7, "key": False} | shape, headers={"Accept": "text/markdown"}
    ).text
    assert posted["code"] in page
    assert "Name: ___" in page
    assert len(posted["code"]) <= 24


def test_several_codes_are_the_tasks_of_one_sheet_whose_code_brings_it_back(client):
    codes = "F7-232-ss-q-d3,R8-4-d2"
    query = {"code": codes, "count": 2, "title": "Sheet 5"}
    pages = client.get("/exercises", params=query, headers={"Accept": "text/markdown"}).text
    first, second, keys = re.split(r"\nSheet F|\n## Key of sheet F7", pages, maxsplit=3)[1:]
    assert first.startswith("7-232-ss-q-d3,R8-4-d2, ")
    assert second.startswith("8-232-ss-q-d3,R9-4-d2, ")
    for page in (first, second):
        assert re.findall(r"## Task (\d)", page) == ["1", "2"]
        worth = int(re.search(r", (\d+) points\.", page)[1])
        assert worth == sum(map(int, re.findall(r"\((\d+) points\)", page)))
        assert worth == sum(map(int, re.findall(r"\[(\d+) points?\]", page)))
    assert keys.count("Marking scheme") == 4
    zipped = client.get("/exercises", params=query | {"format": "zip"})
    with ZipFile(BytesIO(zipped.content)) as archive:
        assert archive.namelist()[0] == f"sheets/{codes}.tex"
    assert client.get("/exercises", params=query | {"format": "json"}).status_code == 406
    refused = client.get("/exercises", params={"code": ",".join([codes] * 4)})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/code"


def test_several_tasks_are_posted_and_are_the_sheet_of_their_codes(client):
    tasks = [
        {"kind": "forward", "activations": ["tanh", "sigmoid"]},
        {"kind": "update", "conventions": {"update": "step", "l2": 0.1}, "seed": 40},
        {"kind": "relu_system", "n": 4},
    ]
    body = {"seed": 7, "tasks": tasks, "decimals": 2, "count": 2, "title": "Sheet 5"}
    markdown = {"Accept": "text/markdown"}
    posted = client.post("/exercises", json=body, headers=markdown)
    codes = "F7-232-ts-q-d2,U40-232-ss-q-d2-up0.1,R11-4-d2"
    query = {"code": codes, "count": 2, "title": "Sheet 5"}
    assert posted.text == client.get("/exercises", params=query, headers=markdown).text
    assert posted.status_code == 200
    for format_name in ("zip", "moodle", "qti", "numbas", "prairielearn"):
        answer = client.post("/exercises", json=body, params={"format": format_name})
        assert answer.status_code == 200
        same = client.get("/exercises", params=query | {"format": format_name})
        assert answer.content == same.content
    alone = client.post("/exercises", json=body, params={"format": "json"})
    assert alone.status_code == 406


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"tasks": []}, "/tasks"),
        ({"tasks": [{}] * 7}, "/tasks"),
        ({"tasks": [{}], "kind": "forward"}, ""),
        ({"tasks": [{}, {"kind": "forward", "n": 3}]}, "/tasks/1"),
        ({"tasks": [{}, {"sizes": [2, 9, 2]}]}, "/tasks/1/sizes"),
        ({"tasks": [{"conventions": {"leak": 0.1}}]}, "/tasks/0/conventions/leak"),
    ],
)
def test_a_task_of_several_is_refused_at_its_place(client, body, pointer):
    answer = client.post("/exercises", json={"seed": 7} | body, headers={"Accept": "text/markdown"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_conventions_of_a_book_are_parameters_of_the_address(client):
    book = {"delta": "error", "update": "step", "shared_bias": True, "leak": 0.2, "l2": 0.1}
    names = ["leaky_relu", "sigmoid"]
    body = {"kind": "update", "seed": 7, "activations": names, "conventions": book}
    posted = client.post("/exercises", json=body).json()
    query = {"kind": "update", "seed": 7, "activations": ",".join(names)} | book
    assert client.get("/exercises", params=query).json() == posted
    refused = client.get("/exercises", params={"leak": 0.2})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/leak"


def test_a_title_is_the_teachers(client):
    sheet = ask(client, title="Sheet 4, <Neural> networks & more")
    assert sheet["title"] == "Sheet 4, <Neural> networks & more"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"code": "no-code"}, "/code"),
        ({"code": "B7-232-sss-q-d3"}, "/code"),
        ({"code": "B7-232-ss-q-d99"}, "/code"),
        ({"activations": "sine,sine"}, "/activations/0"),
        ({"sizes": "2-9-2"}, "/sizes"),
        ({"seed": "-1"}, "/query/seed"),
        ({"loss": "hinge"}, "/loss"),
    ],
)
def test_an_address_of_no_sheet_is_refused_where_it_is_wrong(client, query, pointer):
    response = client.get("/exercises", params=query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


def test_several_sheets_come_in_one_document_with_the_keys_at_the_end(client):
    body = {"seed": 7, "kind": "forward", "count": 3}
    page = client.post("/exercises", json=body, headers={"Accept": "text/markdown"}).text
    codes = [f"F{seed}-232-ss-q-d3" for seed in (7, 8, 9)]
    last_task = page.index(f"Sheet {codes[-1]}")
    assert [page.index(f"Sheet {code}") for code in codes] == sorted(
        page.index(f"Sheet {code}") for code in codes
    )
    assert all(page.index(f"Key of sheet {code}") > last_task for code in codes)


@pytest.mark.parametrize(
    "body",
    [
        {"count": 3},
        {"tasks": [{}, {"kind": "relu_system"}, {"kind": "update"}, {"kind": "update", "seed": 8}]},
    ],
)
def test_the_steps_of_all_keys_are_numbered_in_a_row_and_refer_to_their_own(client, body):
    asked = {"seed": 7} | body
    page = client.post("/exercises", json=asked, headers={"Accept": "text/markdown"}).text
    numbers = list(map(int, re.findall(r"\\tag\{(\d+)\}", page)))
    assert numbers == list(range(1, len(numbers) + 1))
    # A step that is reused is that of the same key, and it is its symbol that is named.
    steps = re.compile(r"\\begin\{aligned\}\n(.*?) &.*?\\tag\{(\d+)\}", re.DOTALL)
    reused = re.compile(r"\$([^$]+)\$ is reused from \((\d+)\)")
    for key in page.split("## Key of sheet")[1:]:
        symbols = {number: symbol for symbol, number in steps.findall(key)}
        for symbol, number in reused.findall(key):
            assert symbols[number] == symbol
    assert reused.search(page)


def test_a_class_set_comes_as_one_zip_sheets_and_keys_apart(client):
    body = {"seed": 7, "kind": "forward", "count": 4}
    answer = client.post("/exercises", json=body, headers={"Accept": "application/zip"})
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        page = archive.read("sheets/F9-232-ss-q-d3.html").decode()
    assert len(names) == len(set(names)) == 16
    assert [name.split("/")[0] for name in names] == ["sheets"] * 8 + ["keys"] * 8
    assert "Marking scheme" not in page
    again = client.post("/exercises", json=body, headers={"Accept": "application/zip"})
    assert again.content == answer.content
