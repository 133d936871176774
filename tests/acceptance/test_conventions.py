"""Every formula of docs/conventions.md gives the numbers that the service gives."""

import json
import re
from typing import Any

import numpy as np
import pytest

from tests.acceptance.documents import ROOT, run_python
from tests.service.conversation import conversation

PAGE = ROOT / "docs" / "conventions.md"
CELL = r" *(?:`([^`|]+)`)? *"
ACTIVATIONS = re.findall(
    rf"^\| `(\w+)` \|{CELL}\|{CELL}\|{CELL}\|$", PAGE.read_text(), re.MULTILINE
)
SCALAR_ACTIVATIONS = [row for row in ACTIVATIONS if row[0] != "softmax"]
ROUNDED = re.findall(r"^\| `(-?[\d.]+)` \| `(\d)` \| `(-?[\d.]+)` \|$", PAGE.read_text(), re.M)
LOSSES = ["squared", "binary_cross_entropy", "cross_entropy", "squared_sum", "mean_squared"]
STEPS = ["gradient_descent", "momentum", "nesterov", "adam"]
OPTIMIZERS = [*STEPS, "lbfgs"]
S = np.array([-7.0, -1.25, -0.5, 0.0, 0.5, 1.25, 7.0])


def close(expected, rel=1e-12):
    return pytest.approx(np.asarray(expected), rel=rel, abs=1e-14)


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return run_python(PAGE)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with conversation(tmp_path_factory.mktemp("service")) as client:
        yield client


def posted(client, path, **body) -> Any:
    response = client.post(path, json=body)
    assert response.status_code in (200, 202), response.text
    return response.json()


def one_layer(activation, units=1):
    """A network whose s is the x of the request."""
    layer = {"weights": np.eye(units).tolist(), "biases": [0.0] * units, "activation": activation}
    return {"layers": [layer]}


def choices_with(name):
    """The names that the API takes for a training where it takes `name`.

    Computations by hand take these and more.
    """
    contract = (ROOT / "openapi" / "openapi.json").read_text()
    lists = re.findall(rf'"enum": (\[[^\[\]]*"{name}"[^\[\]]*\])', contract)
    choices = sorted({tuple(json.loads(found)) for found in lists}, key=len)
    assert all(more[: len(choices[0])] == choices[0] for more in choices)
    return list(choices[0])


def test_every_activation_loss_and_optimizer_of_the_api_is_on_the_page(page):
    assert [name for name, *_ in ACTIVATIONS] == choices_with("sigmoid")
    assert choices_with("squared") == LOSSES
    assert choices_with("gradient_descent") == OPTIMIZERS
    assert all(callable(page[name]) for name in LOSSES + STEPS)


def test_the_step_function_and_the_perceptron_criterion(client, page):
    network = one_layer("step", len(S))
    s, y = S, np.resize([0.0, 1.0], len(S))
    answer = posted(client, "/forward", network=network, x=s.tolist())
    assert answer["output"] == page["step"](s).tolist()
    body = {"network": network, "x": s.tolist(), "y": y.tolist(), "decimals": 10}
    steps = posted(client, "/solution", **body, loss="perceptron")["steps"]
    values = {one["id"]: one["value"] for one in steps}
    assert values["loss"] == close(page["perceptron"](s, y))
    assert values["layers/0/delta"] == close(page["step"](s) - y)


def test_a_penalty_is_added_to_the_loss_and_to_the_gradients(client, page):
    weights, x, y = [[0.5, -2.0]], [[1.0, 0.5], [-1.0, 2.0]], [[0.25], [1.0]]
    layer = {"weights": weights, "biases": [0.1], "activation": "tanh"}
    body = {"network": {"layers": [layer]}, "x": x, "y": y}
    plain = posted(client, "/backprop", **body)
    penalised = posted(client, "/backprop", **body, conventions={"l2": 0.3})
    w = np.array(weights)
    assert penalised["loss"] == close(plain["loss"] + page["penalty"](w, 0.3, samples=2))
    gradient = np.array(plain["layers"][0]["weights_gradient"]) + 0.3 / 2 * w
    assert penalised["layers"][0]["weights_gradient"] == close(gradient)


@pytest.mark.parametrize(("name", "value", "derivative", "at_zero"), SCALAR_ACTIVATIONS)
def test_an_activation_and_its_derivative(name, value, derivative, at_zero, client, page):
    y = np.linspace(-2.0, 3.0, len(S))
    answer = posted(
        client,
        "/backprop",
        network=one_layer(name),
        x=S[:, None].tolist(),
        y=y[:, None].tolist(),
    )
    x = eval(value, page | {"s": S})  # noqa: S307 - a formula of the page
    slope = np.broadcast_to(eval(derivative, page | {"s": S, "x": x}), S.shape)  # noqa: S307
    assert np.ravel(answer["output"]) == close(x)
    assert np.ravel(answer["layers"][0]["delta"]) == close((x - y) * slope, rel=1e-10)
    assert slope[S == 0.0] == pytest.approx(float(at_zero))


def test_softmax_and_its_delta(client, page):
    s, y = np.array([0.3, -1.2, 2.0]), np.array([0.5, -0.25, 1.0])
    answer = posted(
        client, "/backprop", network=one_layer("softmax", 3), x=s.tolist(), y=y.tolist()
    )
    (formula,) = (value for name, value, *_ in ACTIVATIONS if name == "softmax")
    x = eval(formula, page | {"s": s})  # noqa: S307 - a formula of the page
    assert answer["output"] == close(x)
    assert answer["layers"][0]["delta"] == close(page["softmax_delta"](x - y, x))


SAMPLES = {
    **dict.fromkeys(
        ["squared", "squared_sum", "mean_squared"],
        ("identity", [[0.2, -0.7], [1.5, 3.0]], [[1.0, 0.5], [-2.0, 0.0]]),
    ),
    "binary_cross_entropy": ("sigmoid", [[0.2, -0.7], [1.5, 3.0]], [[0.9, 0.5], [0.25, 0.1]]),
    "cross_entropy": ("softmax", [[0.2, -0.7], [1.5, 3.0]], [[0.9, 0.1], [0.5, 1.75]]),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_a_loss_its_reduction_and_what_is_never_averaged(loss, reduction, client, page):
    activation, x, y = SAMPLES[loss]
    answer = posted(
        client,
        "/backprop",
        network=one_layer(activation, 2),
        x=x,
        y=y,
        loss=loss,
        reduction=reduction,
    )
    output, y = np.array(answer["output"]), np.array(y)
    losses = np.array([page[loss](*pair) for pair in zip(output, y, strict=True)])
    if loss == "cross_entropy":
        delta = np.array([page["canonical_delta"](*pair) for pair in zip(output, y, strict=True)])
    else:
        # Two outputs: the mean of their squares has the derivative of half their sum.
        delta = (2.0 if loss == "squared_sum" else 1.0) * (output - y)
    reduce = {"none": lambda of: of, "sum": lambda of: of.sum(0), "mean": lambda of: of.mean(0)}
    weights = delta[:, :, None] * np.array(x)[:, None, :]
    share = 0.5 if reduction == "mean" else 1.0
    assert answer["loss"] == close(reduce[reduction](losses), rel=1e-10)
    assert answer["layers"][0]["delta"] == close(delta, rel=1e-10)
    assert answer["layers"][0]["weights_gradient"] == close(reduce[reduction](weights), rel=1e-10)
    assert answer["x_gradient"] == close(share * delta, rel=1e-10)


@pytest.mark.parametrize(
    ("loss", "wrong"), [("binary_cross_entropy", 1.5), ("cross_entropy", -0.5)]
)
def test_a_target_outside_the_domain_of_its_loss_is_refused(loss, wrong, client):
    body = {"network": one_layer("sigmoid"), "x": [1.0], "y": [wrong], "loss": loss}
    problem = client.post("/backprop", json=body)
    assert problem.status_code == 422
    assert problem.json()["errors"][0]["pointer"] == "/y"


def test_a_product_with_a_target_of_zero_is_zero(client):
    # ŷ = (0, 1) exactly: log ŷ is not finite where y is 0.
    answer = posted(
        client,
        "/backprop",
        network=one_layer("relu", 2),
        x=[-1.0, 1.0],
        y=[0.0, 1.0],
        loss="cross_entropy",
    )
    assert answer["loss"] == 0.0


def trained(client, **changes) -> tuple[str, dict[str, Any]]:
    """A training of the test's own: its address and the job at its end."""
    question = {
        "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 11},
        "data": {"dataset": "moons", "samples": 17, "noise": 0.2, "seed": 3},
        "eta": 0.1,
        "iterations": 9,
        "seed": 5,
    }
    response = client.post("/train", json=question | changes)
    assert response.status_code == 202, response.text
    place = response.headers["Location"]
    job = client.ended(place)
    assert job["state"] == "succeeded", job
    return place, job


def steps(client, place):
    for iteration in range(1, 10):
        yield client.get(f"{place}/steps/{iteration}").json()


def flat(layers, weights, biases):
    return np.concatenate([np.ravel(layer[name]) for layer in layers for name in (weights, biases)])


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("gradient_descent", {}),
        ("momentum", {}),
        ("momentum", {"momentum": 0.5}),
        ("nesterov", {}),
        ("adam", {}),
        ("adam", {"beta1": 0.7, "beta2": 0.95, "epsilon": 1e-3}),
    ],
)
def test_every_update_of_an_optimizer(name, parameters, client, page):
    optimizer = {"name": name, **parameters} if parameters else name
    place, _ = trained(client, optimizer=optimizer, batch_size=5)
    state: dict[str, Any] = {}
    for t, step in enumerate(steps(client, place), start=1):
        before = flat(step["network"]["layers"], "weights", "biases")
        gradient = flat(step["layers"], "weights_gradient", "biases_gradient")
        after = page[name](before, gradient, state, t, 0.1, **parameters)
        # An update is the difference of two parameters, each rounded.
        assert flat(step["updates"], "weights", "biases") == pytest.approx(
            after - before, rel=1e-9, abs=1e-13
        )


@pytest.mark.parametrize("schedule", ["cosine", "inverse_scaling", "coslog"])
def test_every_schedule(schedule, client, page):
    place, _ = trained(client, optimizer="gradient_descent", schedule=schedule, batch_size=5)
    found = list(steps(client, place))
    for k, step in enumerate(found, start=1):
        gradient = flat(step["layers"], "weights_gradient", "biases_gradient")
        change = -0.1 * page["schedule"](schedule, k, len(found)) * gradient
        assert flat(step["updates"], "weights", "biases") == pytest.approx(
            change, rel=1e-9, abs=1e-13
        )


def test_a_training_takes_an_eta_of_a_hundredth_by_default(client):
    place, _ = trained(client, eta=0.01)
    body = {"optimizer": "gradient_descent", "iterations": 9}
    data = {"dataset": "moons", "samples": 17, "noise": 0.2, "seed": 3}
    architecture = {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 11}
    accepted = client.post("/train", json={**body, "data": data, "architecture": architecture})
    other = accepted.headers["Location"]
    client.ended(other)
    assert client.get(f"{other}/network").json() == client.get(f"{place}/network").json()


def test_initial_parameters(client, page):
    place, _ = trained(client)
    layers = client.get(f"{place}/steps/1").json()["network"]["layers"]
    expected = page["initial_parameters"]([2, 3, 1], seed=11)
    for layer, (weights, biases) in zip(layers, expected, strict=True):
        assert np.array_equal(layer["weights"], weights)
        assert np.array_equal(layer["biases"], biases)


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("batch_size", [None, 4, 5, 9])
def test_the_rows_of_every_batch(fraction, batch_size, client, page):
    # 0.5 of 17 is 8.5, which goes to the even 8.
    place, _ = trained(client, batch_size=batch_size, validation_fraction=fraction)
    training, _ = page["split"](17, fraction, seed=5)
    for step in steps(client, place):
        expected = page["batch"](training, batch_size, seed=5, iteration=step["iteration"])
        assert step["rows"] == list(expected)


def test_the_losses_of_a_history_and_of_a_job(client, page):
    place, job = trained(client, batch_size=4, validation_fraction=0.3, iterations=9)
    history = client.get(f"{place}/history").json()
    training, validation = page["split"](17, 0.3, seed=5)
    data = client.get("/datasets/moons?samples=17&noise=0.2&seed=3").json()
    x, y = np.array(data["x"]), np.array(data["y"])

    def mean_loss(network, rows):
        output = posted(client, "/forward", network=network, x=x[rows].tolist())["output"]
        return np.mean(
            [page["squared"](*pair) for pair in zip(np.array(output), y[rows], strict=True)]
        )

    seen = list(steps(client, place))
    for step in seen:
        loss = mean_loss(step["network"], step["rows"])
        assert history["loss"][step["iteration"] - 1] == pytest.approx(loss, rel=1e-10)
    last = seen[-1]
    final = {
        "layers": [
            {
                "weights": np.add(layer["weights"], update["weights"]).tolist(),
                "biases": np.add(layer["biases"], update["biases"]).tolist(),
                "activation": layer["activation"],
            }
            for layer, update in zip(last["network"]["layers"], last["updates"], strict=True)
        ]
    }
    handed_out = client.get(f"{place}/network").json()
    assert job["loss"] == pytest.approx(mean_loss(handed_out, training), rel=1e-10)
    assert job["last"]["loss"] == pytest.approx(mean_loss(final, training), rel=1e-10)
    assert history["loss"][-1] == job["last"]["loss"]
    per_epoch = -(-len(training) // 4)
    networks = [step["network"] for step in seen[1:]] + [final]
    for iteration, network in enumerate(networks, start=1):
        measured = history["validation_loss"][iteration]
        if iteration % per_epoch:
            assert measured is None
        else:
            assert measured == pytest.approx(mean_loss(network, validation), rel=1e-10)


@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (3, 0.002), (4, 0.0)])
def test_early_stopping(patience, min_delta, client, page):
    place, job = trained(
        client,
        data={"dataset": "moons", "samples": 24, "noise": 0.6, "seed": 4},
        architecture={"sizes": [2, 12, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
        eta=2.0,
        iterations=400,
        validation_fraction=0.5,
        early_stopping={"patience": patience, "min_delta": min_delta},
    )
    losses = client.get(f"{place}/history").json()["validation_loss"][1:]
    assert job["iteration"] < 400
    # What follows the end is not known: the rule must not need it.
    assert page["epochs_until_stop"]([*losses, -1.0], patience, min_delta) == job["iteration"]
    _, rows = page["split"](24, 0.5, seed=5)
    data = client.get("/datasets/moons?samples=24&noise=0.6&seed=4").json()
    network = client.get(f"{place}/network").json()
    result = posted(
        client,
        "/backprop",
        network=network,
        x=np.array(data["x"])[rows].tolist(),
        y=np.array(data["y"])[rows].tolist(),
    )
    assert result["loss"] == pytest.approx(min(losses), rel=1e-10)
    assert job["metrics"]["validation_loss"] == pytest.approx(min(losses), rel=1e-10)
    assert job["last"]["metrics"]["validation_loss"] == losses[-1]


@pytest.mark.parametrize(
    ("activation", "bias", "y"),
    [
        ("sigmoid", [0.0], [[0.0], [0.0], [1.0]]),
        ("sigmoid", [1e-3], [[0.0], [0.0], [1.0]]),
        ("softmax", [0.5, 0.5, 0.0], [[1, 0, 0], [1, 0, 0], [0, 1, 0]]),
        ("softmax", [0.0, 0.5, 0.5], [[0, 1, 0], [0, 0, 1], [0, 1, 0]]),
    ],
)
def test_accuracy_on_the_border_between_two_classes(activation, bias, y, client, page):
    # Weights, inputs and steps of zero keep every output as the biases make it.
    layer = {"weights": [[0.0]] * len(bias), "biases": bias, "activation": activation}
    _, job = trained(
        client,
        architecture=None,
        network={"layers": [layer]},
        data={"x": [[0.0]] * len(y), "y": y},
        eta=1e-300,
        iterations=1,
    )
    output = np.array(posted(client, "/forward", network={"layers": [layer]}, x=[0.0])["output"])
    classes = [int(row[0]) if len(row) == 1 else row.index(1) for row in y]
    expected = np.mean([page["predicted_class"](output) == right for right in classes])
    assert job["metrics"]["accuracy"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("activation", "y"),
    [("identity", [[0.0], [1.0]]), ("sigmoid", [[0.0], [0.5]]), ("softmax", [[1, 1], [0, 1]])],
)
def test_there_is_no_accuracy_without_classes(activation, y, client):
    _, job = trained(
        client,
        architecture={"sizes": [1, len(y[0])], "activations": activation},
        data={"x": [[0.0], [1.0]], "y": y},
    )
    assert job["metrics"]["accuracy"] is None


@pytest.mark.parametrize(("number", "decimals", "written"), ROUNDED)
def test_a_number_as_it_is_written(number, decimals, written, client):
    response = client.post(
        f"/forward?decimals={decimals}",
        json={"network": one_layer("identity"), "x": [float(number)]},
        headers={"Accept": "text/markdown"},
    )
    # x is given and exact; the sum s^(1) is what is rounded.
    assert re.search(rf"(?<![-\d.]){re.escape(written)}(?![\d.])", response.text), response.text
