"""The answers of /forward and /backprop as worked solutions, by `Accept`."""

import pytest
from problem import refusal

FORMS = ("text/markdown", "application/x-tex", "text/html")
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(scope="session")
def question(sheet):
    return {"network": sheet["network"], "x": [1, 2], "y": [0, 1]}


def forward_part(question):
    return {key: question[key] for key in ("network", "x")}


def paper(client, path, body, form):
    response = client.post(path, json=body, headers={"Accept": form})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(form)
    assert "accept" in response.headers["vary"].lower()
    return response.text


@each_form
def test_the_document_is_the_one_that_solution_writes(client, question, form):
    for path, body, rounding in (
        ("/forward", forward_part(question), {"decimals": 2}),
        ("/backprop", question, {"significant_digits": 4, "rounding": "each_step"}),
        ("/backprop", question, {"eta": 0.5}),
        ("/backprop", question | {"x": [[1, 2], [2, 1]], "y": [[0, 1], [1, 0]]}, {}),
    ):
        query = "&".join(f"{key}={value}" for key, value in rounding.items())
        written = paper(client, f"{path}?{query}", body, form)
        assert written == paper(client, "/solution", body | rounding, form)


def test_json_comes_first_and_keeps_every_digit(client, question):
    plain = client.post("/backprop", json=question)
    asked = client.post("/backprop?decimals=2", json=question, headers={"Accept": "*/*"})
    assert plain.headers["content-type"] == "application/json"
    assert asked.content == plain.content
    assert "accept" in asked.headers["vary"].lower()


@each_form
def test_the_document_tells_of_the_gradient_check(client, question, form):
    unchecked = paper(client, "/backprop", question, form)
    checked = paper(client, "/backprop", question | {"gradient_check": True}, form)
    assert "complex steps" in checked
    assert "complex steps" not in unchecked
    assert "All 17 gradients" in checked  # 2·3 + 3 and 3·2 + 2


def test_without_a_reduction_every_sample_keeps_its_gradients(client, question):
    several = question | {"x": [[1, 2], [2, 1]], "y": [[0, 1], [1, 0]]}
    whole = paper(client, "/backprop", several, "text/markdown")
    parts = paper(client, "/backprop", several | {"reduction": "none"}, "text/markdown")
    steps, closing, _ = whole.partition("## Mean over the samples")
    assert closing
    assert parts.startswith(steps.rstrip())
    assert "over the samples" not in parts


@pytest.mark.parametrize(
    ("query", "pointer", "says"),
    [
        ("decimals=11", "/query/decimals", "10"),
        ("decimals=two", "/query/decimals", "integer"),
        ("significant_digits=0", "/query/significant_digits", "1"),
        ("decimals=2&significant_digits=2", "/query", "not both"),
        ("rounding=up", "/query/rounding", "display"),
        ("eta=-1", "/query/eta", "greater"),
        ("digits=2", "/query/digits", "no such key"),
    ],
)
def test_a_rounding_that_is_none_is_refused_where_it_is_wrong(
    client, question, query, pointer, says
):
    for form in ("text/html", "application/json"):
        response = client.post(f"/backprop?{query}", json=question, headers={"Accept": form})
        refusal(response, 422, pointer, says)


def test_what_no_page_holds_is_refused_with_its_length_and_had_as_json(client, question):
    many = question | {"x": [[1, 2]] * 60, "y": [[0, 1]] * 60}
    response = client.post("/backprop", json=many, headers={"Accept": "text/html"})
    refusal(response, 422, "/network/layers", "numbers long", "pages")
    assert client.post("/backprop", json=many).status_code == 200


def test_an_update_needs_one_gradient_for_all_samples(client, question):
    body = question | {"x": [[1, 2]] * 2, "y": [[0, 1]] * 2, "reduction": "none"}
    response = client.post("/backprop?eta=0.5", json=body, headers={"Accept": "text/html"})
    refusal(response, 422, "/reduction", "2 samples", "none")


def test_as_many_targets_as_samples_are_needed_on_paper_too(client, question):
    body = question | {"x": [[1, 2]] * 2, "y": [[0, 1]] * 3}
    response = client.post("/backprop", json=body, headers={"Accept": "text/html"})
    refusal(response, 422, "/y", "2 samples", "3")


@pytest.mark.parametrize("path", ["/forward", "/backprop"])
def test_another_form_is_not_to_be_had(client, question, path):
    body = question if path == "/backprop" else forward_part(question)
    response = client.post(path, json=body, headers={"Accept": "image/png"})
    assert response.status_code == 406


@each_form
@pytest.mark.parametrize(
    ("source", "system"),
    [
        ({"function": "x^2", "interval": [0, 1], "n": 5}, {}),
        ({"samples": {"x": [0, 1, 3], "y": [1, 2, 0]}}, {"x": [0, 1, 3], "y": [1, 2, 0]}),
        (
            {"function": "x^2", "grid": [0, 0.5, 2]},
            {"x": [0, 0.5, 2], "y": [0, 0.25, 4]},
        ),
    ],
    ids=["equidistant", "samples", "given"],
)
def test_the_system_of_an_approximation_comes_on_paper(client, source, system, form):
    written = paper(client, "/approximate?decimals=4", source, form)
    question = {"relu_system": system or source, "decimals": 4}
    solved = paper(client, "/solution", question, form)
    # Of a grid that is given the solution has the values alone, and no formula of f.
    start = "The system" if system and "function" not in system else ""
    assert written[written.index(start) :] == solved[solved.index(start) :]


def test_a_best_network_has_values_of_its_own(client):
    source = {"function": "x^2", "interval": [0, 1], "n": 3, "grid": "minimal"}
    page = paper(client, "/approximate?decimals=3", source, "text/html")
    assert "The search for the best network" in page
    answer = client.post("/approximate", json=source).json()
    assert answer["values"][0] == pytest.approx(-1 / 32, abs=1e-6)  # error h²/8 on both sides / 2
    assert ">0.031<" in page


@pytest.mark.parametrize(
    ("source", "pointer"),
    [
        ({"function": "x^2", "interval": [0, 1], "n": 13}, "/n"),
        ({"function": "x^2", "grid": list(range(14))}, "/grid"),
        ({"samples": {"x": list(range(15)), "y": list(range(15))}}, "/samples/x"),
        ({"function": "x^2", "interval": [0, 1], "tolerance": 1e-4}, "/tolerance"),
    ],
)
def test_a_system_that_no_page_holds_is_refused_with_its_size(client, source, pointer):
    response = client.post("/approximate", json=source, headers={"Accept": "application/x-tex"})
    refusal(response, 422, pointer, "coefficients", "12 points")
