"""Pictures by `Accept`: real PNG and real SVG, and a refusal where neither will do."""

import xml.etree.ElementTree as ElementTree

import pytest
from problem import problem, refusal

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"
SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
SINE = {"function": "sin(x)", "interval": [0, 3], "n": 5}
COMPARISON = SINE | {"n": [5, 9]}


def require_picture(response, media_type):
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == media_type
    assert "Accept" in response.headers["Vary"]
    if media_type == "image/png":
        assert response.content.startswith(PNG_SIGNATURE)
        assert response.content.endswith(PNG_END)
    else:
        assert ElementTree.fromstring(response.content).tag == SVG_ROOT  # noqa: S314 - ours


@pytest.fixture(scope="module")
def jobs(client):
    """The address of a finished training by its number of inputs."""

    def train(inputs, x, y):
        question = {"architecture": {"sizes": [inputs, 3, 1]}, "data": {"x": x, "y": y}}
        path = client.post("/train", json=question | {"iterations": 5}).headers["Location"]
        client.ended(path)
        return path

    targets = [[0], [1], [1]]
    return {
        inputs: train(inputs, [[i + j for j in range(inputs)] for i in range(3)], targets)
        for inputs in (1, 2, 3)
    }


@pytest.mark.parametrize("media_type", ["image/png", "image/svg+xml"])
@pytest.mark.parametrize("question", ["?show=loss", "", "?show=prediction"])
@pytest.mark.parametrize("inputs", [1, 2])
def test_a_training_is_drawn(client, jobs, inputs, question, media_type):
    address = f"{jobs[inputs]}/plot{question}"
    require_picture(client.get(address, headers={"Accept": media_type}), media_type)


@pytest.mark.parametrize("show", ["confusion", "roc"])
def test_the_scores_of_classes_are_drawn(client, jobs, show):
    address = f"{jobs[3]}/plot?show={show}"
    require_picture(client.get(address), "image/png")
    require_picture(client.get(address, headers={"Accept": "image/svg+xml"}), "image/svg+xml")
    refusal(client.get(f"{jobs[3]}/plot?show=residuals"), 422, "/query/show", "confusion or roc")
    refusal(client.get(f"{address}&part=test"), 422, "/query/part", "there are training")


def test_the_errors_of_numbers_are_drawn_of_any_part(client):
    data = {"x": [[k] for k in range(20)], "y": [k / 7 for k in range(20)]}
    question = {"architecture": {"hidden": [2]}, "data": data, "iterations": 3, "folds": 2}
    path = client.post("/train", json=question | {"test_fraction": 0.2}).headers["Location"]
    client.ended(path)
    for part in ("", "&part=test", "&part=folds", "&part=training"):
        require_picture(client.get(f"{path}/plot?show=residuals{part}"), "image/png")
    refusal(client.get(f"{path}/plot?show=roc"), 422, "/query/show", "residuals")


def test_a_training_is_drawn_while_it_runs(open_service):
    client = open_service()
    question = {"architecture": {"sizes": [2, 1]}, "data": {"dataset": "moons"}}
    path = client.post("/train", json=question | {"iterations": 10**7}).headers["Location"]
    client.until(path, lambda job: job["iteration"] > 0)
    for show in ("prediction", "loss"):
        require_picture(client.get(f"{path}/plot?show={show}"), "image/png")


def test_three_inputs_have_a_loss_but_no_surface(client, jobs):
    require_picture(client.get(jobs[3] + "/plot?show=loss"), "image/png")
    document = problem(client.get(jobs[3] + "/plot"), 422)
    assert "3" in document["detail"]


@pytest.mark.parametrize("media_type", ["image/png", "image/svg+xml"])
@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/approximate", SINE),
        ("/approximate", SINE | {"grid": "chebyshev"}),
        ("/approximate", {"samples": {"x": [0, 1, 3], "y": [1, 0, 2]}}),
        ("/approximate", {"function": "x", "grid": [0, 1e-3, 1]}),
        ("/approximate/compare", COMPARISON),
    ],
)
def test_an_approximation_is_drawn(client, path, question, media_type):
    response = client.post(path, json=question, headers={"Accept": media_type})
    require_picture(response, media_type)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("image/*", "image/png"),
        ("image/svg+xml;q=0.9, image/png;q=0.8", "image/svg+xml"),
        ("image/png;q=0.1, */*;q=0", "image/png"),
        ("text/html, image/svg+xml, */*;q=0.1", "image/svg+xml"),
        ("IMAGE/PNG", "image/png"),
        ("application/json;q=0, */*", "image/png"),
        ("image/png;q=nonsense, image/svg+xml", "image/svg+xml"),
        ("image/png; q=1.5", "image/png"),
        (",,,", "application/json"),
    ],
)
def test_the_client_gets_what_it_likes_best(client, accept, media_type):
    headers = {} if accept is None else {"Accept": accept}
    answer = client.post("/approximate", json=SINE, headers=headers)
    assert answer.headers["Content-Type"] == media_type


@pytest.mark.parametrize("accept", ["text/css", "image/gif", "*/*;q=0", "image/png;q=0", "x"])
@pytest.mark.parametrize(
    ("path", "question"), [("/approximate", SINE), ("/approximate/compare", COMPARISON)]
)
def test_what_the_client_does_not_take_is_not_sent(client, path, question, accept):
    answer = client.post(path, json=question, headers={"Accept": accept})
    document = problem(answer, 406)
    assert accept in document["detail"]
    assert "image/svg+xml" in document["detail"]


def test_a_plot_has_no_text_form(client, jobs):
    answer = client.get(jobs[2] + "/plot", headers={"Accept": "text/plain"})
    assert "image/png, image/svg+xml" in problem(answer, 406)["detail"]


def test_a_plot_of_something_else_is_refused(client, jobs):
    refusal(client.get(jobs[2] + "/plot?show=weights"), 422, "/query/show", "loss")


def test_what_cannot_be_computed_is_refused_as_a_problem_even_if_a_picture_was_asked(client):
    question = SINE | {"function": "1/x"}
    answer = client.post("/approximate", json=question, headers={"Accept": "image/png"})
    refusal(answer, 422, "/function", "x = 0.0")
