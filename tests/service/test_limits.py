"""Every limit of the settings holds from both sides, and a refusal has both numbers."""

import pytest
from problem import problem, refusal

UNIT = {"weights": [[1.0]], "biases": [0.0], "activation": "identity"}
SINE = {"function": "sin(x)", "interval": [0, 1]}


def network(layers=1, width=1):
    first = {"weights": [[1.0]] * width, "biases": [0.0] * width, "activation": "identity"}
    last = {"weights": [[1.0] * width], "biases": [0.0], "activation": "identity"}
    return {"layers": [first, last] if width > 1 else [UNIT] * layers}


def forward(**question):
    return "/forward", {"network": network(), "x": [1.0]} | question


def backprop(**question):
    return "/backprop", {"network": network(), "x": [1.0], "y": [1.0]} | question


def train(**question):
    given = {"architecture": {"sizes": [2, 1]}, "data": {"dataset": "xor", "samples": 2}}
    return "/train", given | {"iterations": 1} | question


CASES = [
    ("max_layers", 2, forward(network=network(2)), forward(network=network(3)), "/network/layers"),
    (
        "max_layers",
        2,
        backprop(network=network(2)),
        backprop(network=network(3)),
        "/network/layers",
    ),
    (
        "max_layers",
        2,
        train(architecture={"sizes": [2, 1, 1]}),
        train(architecture={"sizes": [2, 1, 1, 1]}),
        "/architecture/sizes",
    ),
    (
        "max_width",
        3,
        forward(network=network(width=3)),
        forward(network=network(width=4)),
        "/network/layers",
    ),
    (
        "max_width",
        3,
        train(architecture={"sizes": [2, 3, 1]}),
        train(architecture={"sizes": [2, 4, 1]}),
        "/architecture/sizes",
    ),
    ("max_samples", 3, forward(x=[[1]] * 3), forward(x=[[1]] * 4), "/x"),
    (
        "max_samples",
        3,
        backprop(x=[[1]] * 3, y=[[1]] * 3),
        backprop(x=[[1]] * 4, y=[[1]] * 4),
        "/x",
    ),
    (
        "max_samples",
        3,
        train(data={"x": [[1, 2]] * 3, "y": [[1]] * 3}),
        train(data={"x": [[1, 2]] * 4, "y": [[1]] * 4}),
        "/data/x",
    ),
    (
        "max_samples",
        3,
        train(data={"dataset": "moons", "samples": 3}),
        train(data={"dataset": "moons", "samples": 4}),
        "/data/samples",
    ),
    (
        "max_array_elements",
        1000,  # 2·249 + 249 + 249 + 1 = 997 weights and biases, and 4 more with another unit
        train(architecture={"sizes": [2, 249, 1]}),
        train(architecture={"sizes": [2, 250, 1]}),
        "/architecture/sizes",
    ),
    ("max_iterations", 5, train(iterations=5), train(iterations=6), "/iterations"),
    (
        "max_points",
        9,
        ("/approximate", SINE | {"n": 9}),
        ("/approximate", SINE | {"n": 10}),
        "/n",
    ),
    (
        "max_points",
        3,
        ("/approximate", {"function": "x", "grid": [1, 2, 3]}),
        ("/approximate", {"function": "x", "grid": [1, 2, 3, 4]}),
        "/grid",
    ),
    (
        "max_points",
        3,
        ("/approximate", {"samples": {"x": [1, 2, 3], "y": [1, 2, 3]}}),
        ("/approximate", {"samples": {"x": [1, 2, 3, 4], "y": [1, 2, 3, 4]}}),
        "/samples/x",
    ),
    (
        "max_points",
        12,
        ("/approximate/compare", SINE | {"n": [2, 4], "grids": ["equidistant", "chebyshev"]}),
        ("/approximate/compare", SINE | {"n": [2, 5], "grids": ["equidistant", "chebyshev"]}),
        "/n",
    ),
]


@pytest.mark.parametrize(("setting", "limit", "allowed", "beyond", "pointer"), CASES)
def test_a_limit_holds_from_both_sides(open_service, setting, limit, allowed, beyond, pointer):
    client = open_service(**{setting: limit})
    path, question = allowed
    assert client.post(path, json=question).status_code in (200, 202)
    path, question = beyond
    refusal(client.post(path, json=question), 422, pointer, f"at most {limit:,} ")


def test_the_limit_on_samples_holds_for_drawn_ones(open_service):
    client = open_service(max_samples=3)
    assert client.get("/datasets/moons?samples=3").status_code == 200
    refusal(
        client.get("/datasets/moons?samples=4"), 422, "/query/samples", "4 samples", "at most 3"
    )


@pytest.mark.parametrize(("path", "per_sample"), [("/forward", 2), ("/backprop", 4)])
def test_the_numbers_of_an_answer_are_bounded_before_they_are_computed(
    open_service, path, per_sample
):
    # Each sample of a single unit has s and x, backpropagation as many again and 2 gradients.
    client = open_service(max_array_elements=1000)
    fits = (1000 - (2 if path == "/backprop" else 0)) // per_sample

    def ask(samples):
        question = {"network": network(), "x": [[1.0]] * samples}
        target = {"y": [[1.0]] * samples} if path == "/backprop" else {}
        return client.post(path, json=question | target)

    assert ask(fits).status_code == 200
    refusal(ask(fits + 1), 422, "", "numbers", "at most 1,000")


@pytest.mark.parametrize("path", ["/forward", "/backprop"])
def test_the_operations_of_an_answer_are_bounded_before_they_begin(open_service, path):
    client = open_service(max_operations=1e6)
    question = {"network": network(width=100), "x": [[1.0]], "y": [[1.0]]}
    if path == "/forward":
        del question["y"]
    assert client.post(path, json=question).status_code == 200
    for name in ("x", "y"):
        if name in question:
            question[name] = [[1.0]] * 1000
    refusal(client.post(path, json=question), 422, "", "operations", "at most 1,000,000")


def test_a_body_may_be_as_long_as_allowed_and_not_a_byte_longer(open_service, sheet):
    client = open_service(max_body_bytes=1024)
    headers = {"Content-Type": "application/json"}
    body = b'{"function": "x", "grid": [0, 1]}'
    fits = client.post("/approximate", content=body.ljust(1024), headers=headers)
    assert fits.status_code == 200
    document = problem(client.post("/approximate", content=body.ljust(1025), headers=headers), 413)
    assert "1,024" in document["detail"]


def test_a_body_without_a_length_is_bounded_too(open_service):
    client = open_service(max_body_bytes=1024)

    async def chunks():
        for _ in range(3):
            yield b" " * 500

    headers = {"Content-Type": "application/json"}
    assert (
        "1,024"
        in problem(client.post("/approximate", content=chunks(), headers=headers), 413)["detail"]
    )
