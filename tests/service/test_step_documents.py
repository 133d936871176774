"""Any iteration of a training as a worked solution, by `Accept`."""

import pytest
from problem import refusal

FORMS = ("text/markdown", "application/x-tex", "text/html")
TRAINING = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 2},
    "data": {"dataset": "moons", "samples": 20, "seed": 1},
    "iterations": 40,
    "batch_size": 2,
    "eta": 0.5,
    "seed": 3,
}


@pytest.fixture(scope="module")
def trained(client):
    def path_of(**changes):
        path = client.post("/train", json=TRAINING | changes).headers["location"]
        assert client.ended(path)["state"] == "succeeded"
        return path

    return path_of


def step_of(client, path, form, query="", **headers):
    return client.get(f"{path}/steps/17{query}", headers={"Accept": form} | headers)


@pytest.mark.parametrize("form", FORMS)
def test_a_step_on_paper_has_the_numbers_of_the_step(client, trained, form):
    path = trained()
    page = step_of(client, path, form, "?decimals=6")
    assert page.headers["content-type"].startswith(form)
    assert "accept" in page.headers["vary"].lower()
    assert "Iteration 17 of 40" in page.text
    seen = step_of(client, path, "application/json").json()
    first, second = (row + 1 for row in seen["rows"])
    assert f"The batch has the samples {first} and {second} of the data." in page.text
    assert f"{abs(seen['loss']):.6f}" in page.text
    for layer, update in zip(seen["network"]["layers"], seen["updates"], strict=True):
        after = layer["biases"][0] + update["biases"][0]
        assert f"{abs(after):.6f}" in page.text


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_an_optimizer_with_moments_shows_its_rule(client, trained, optimizer):
    page = step_of(client, trained(optimizer=optimizer), "text/markdown").text
    assert "Each parameter changes" in page


def test_each_form_and_rounding_has_its_own_tag(client, trained):
    path = trained()
    asked = [
        (form, query) for form in (*FORMS, "application/json") for query in ("", "?decimals=2")
    ]
    tags = [step_of(client, path, form, query).headers["etag"] for form, query in asked]
    assert len(set(tags)) == 7  # JSON is the same whatever a document would be rounded to
    again = step_of(client, path, *asked[1], **{"If-None-Match": tags[1]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_batch_that_no_page_holds_is_refused_with_its_length(client, trained):
    path = trained(batch_size=None, data={"dataset": "moons", "samples": 300})
    refusal(step_of(client, path, "text/html"), 422, "", "numbers long", "pages")
    assert step_of(client, path, "application/json").status_code == 200


def test_a_step_has_no_other_form_and_no_other_rounding(client, trained):
    path = trained()
    assert step_of(client, path, "image/png").status_code == 406
    refusal(step_of(client, path, "text/html", "?decimals=11"), 422, "/query/decimals", "10")
