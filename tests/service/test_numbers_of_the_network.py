"""`loss` and `metrics` of a job are of its network, and warnings say what went wrong."""

import numpy as np
import pytest
from problem import problem

NOISE = np.random.default_rng(3)
DATA = {
    "x": NOISE.normal(size=(24, 2)).tolist(),
    "y": (NOISE.uniform(size=(24, 1)) > 0.4).astype(float).tolist(),
}
OVERFIT = {
    "architecture": {"sizes": [2, 24, 1], "activations": ["tanh", "sigmoid"], "seed": 5},
    "data": DATA,
    "optimizer": "adam",
    "eta": 0.05,
    "iterations": 300,
    "seed": 1,
}
WATCHED = {
    "validation": {"validation_fraction": 0.4},
    "stopping": {"validation_fraction": 0.4, "early_stopping": {"patience": 20}},
    "training-loss": {"early_stopping": {"patience": 5}, "eta": 2.0, "optimizer": "momentum"},
    "batches": {"validation_fraction": 0.4, "batch_size": 5},
    "shards": {"validation_fraction": 0.4, "data_parallel": 2},
    "float32": {"validation_fraction": 0.4, "precision": "float32"},
    "plain": {},
    "plain-batches": {"batch_size": 7},
}


def trained(client, **choices):
    begun = client.post("/train", json=OVERFIT | choices)
    assert begun.status_code == 202, begun.text
    path = begun.headers["location"]
    return path, client.ended(path)


def loss_of(client, network, x, y):
    found = client.post("/backprop", json={"network": network, "x": x, "y": y})
    output = np.array(found.json()["output"])
    return found.json()["loss"], np.mean((output > 0.5) == (np.array(y) > 0.5))


def parts(choices):
    """The rows trained on and those kept for validation."""
    from core.training.config import TrainingConfig

    fraction = choices.get("validation_fraction", 0.0)
    config = TrainingConfig((2, 24, 1), ("tanh", "sigmoid"), seed=1, validation_fraction=fraction)
    return config.split(24)


@pytest.mark.parametrize("choices", WATCHED.values(), ids=WATCHED)
def test_loss_and_metrics_are_of_the_network_and_last_is_of_the_last(client, choices):
    path, job = trained(client, **choices)
    assert job["state"] == "succeeded"
    training, validation = parts(choices)
    tolerance = 1e-4 if choices.get("precision") == "float32" else 1e-9
    best = client.get(f"{path}/network").json()
    last = client.get(f"{path}/network?at=last").json()
    for network, numbers in ((best, job), (last, job["last"])):
        for rows, prefix in ((training, ""), (validation, "validation_")):
            if not len(rows):
                assert numbers["metrics"]["validation_loss"] is None
                continue
            x, y = ([DATA[name][row] for row in rows] for name in ("x", "y"))
            loss, accuracy = loss_of(client, network, x, y)
            shown = numbers["metrics"]["validation_loss"] if prefix else numbers["loss"]
            assert shown == pytest.approx(loss, rel=tolerance)
            assert numbers["metrics"][f"{prefix}accuracy"] == pytest.approx(accuracy)
    history = client.get(f"{path}/history").json()
    assert history["loss"][-1] == job["last"]["loss"]
    curve = history["validation_loss"]
    if curve is None:
        watched = choices.get("early_stopping") is not None
        assert watched or (job["best_iteration"] == job["iteration"] and best == last)
    else:
        assert job["metrics"]["validation_loss"] == min(v for v in curve if v is not None)
        place = history["iteration"].index(job["best_iteration"])
        assert curve[place] == job["metrics"]["validation_loss"]
    assert job["stopped_early"] == (job["iteration"] < job["iterations"])


def test_restarts_are_ranked_by_the_numbers_shown(client):
    for choices in ({"validation_fraction": 0.4}, {"early_stopping": {"patience": 3}}, {}):
        path, job = trained(client, restarts=5, **choices)
        restarts = client.get(f"{path}/restarts").json()
        watched = "validation_fraction" in choices
        shown = [one["metrics"]["validation_loss"] if watched else one["loss"] for one in restarts]
        assert restarts[int(np.argmin(shown))]["best"]
        best = next(one for one in restarts if one["best"])
        assert (job["loss"], job["metrics"]) == (best["loss"], best["metrics"])
        assert job["best_iteration"] is not None


def test_a_job_that_reached_its_time_limit_shows_the_numbers_of_the_network_kept(client):
    path, job = trained(
        client, iterations=10**6, time_limit_seconds=0.5, eta=1.9, optimizer="gradient_descent"
    )
    assert job["error"]["type"].endswith(":time-limit-reached")
    assert job["error"]["status"] == 422
    loss, _ = loss_of(client, client.get(f"{path}/network").json(), DATA["x"], DATA["y"])
    assert job["loss"] == pytest.approx(loss, rel=1e-9)


def test_a_diverged_job_shows_the_numbers_of_the_network_kept_and_is_no_500(client):
    linear = {"sizes": [2, 1], "activations": "identity"}
    data = {"x": [[100.0, 1.0], [50.0, -3.0]], "y": [[1.0], [2.0]]}
    path, job = trained(
        client, architecture=linear, data=data, optimizer="gradient_descent", eta=1.0
    )
    assert job["state"] == "failed"
    assert (job["error"]["status"], job["error"]["title"]) == (422, "Diverged")
    loss, _ = loss_of(client, client.get(f"{path}/network").json(), data["x"], data["y"])
    assert job["loss"] == pytest.approx(loss, rel=1e-9)
    assert job["best_iteration"] == 0


def warned(job, *words):
    """Whether one of the warnings has all the words."""
    return any(all(word in warning for word in words) for warning in job["warnings"])


XNOR = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[1], [0], [0], [1]]}


def test_dead_relus_and_a_constant_output_are_warned_of(client):
    relus = {"sizes": [2, 5, 10, 5, 1], "activations": ["relu"] * 3 + ["identity"], "seed": 0}
    _, job = trained(client, architecture=relus, data=XNOR, eta=1.0, iterations=500)
    assert job["state"] == "succeeded"
    assert warned(job, "always giving the mean of y has 0.125")
    assert warned(job, "ReLUs that are 0 for every sample", "in layer", "eta below 1")


def test_a_step_that_is_too_large_is_warned_of(client):
    softmax = {"sizes": [2, 16, 3], "activations": ["sigmoid", "softmax"], "seed": 0}
    blobs = {"dataset": "blobs", "samples": 90, "noise": 0.3, "seed": 1, "classes": 3}
    _, job = trained(
        client,
        architecture=softmax,
        data=blobs,
        loss="cross_entropy",
        optimizer="momentum",
        eta=4,
        iterations=2000,
        batch_size=1,
    )
    assert warned(job, "above the", "of iteration 0", "eta below 4")
    assert job["loss"] > 1.0


def test_each_sign_has_its_warning(client):
    line = {"sizes": [2, 1], "activations": "identity"}
    x = [[k / 8, 1000 * (k % 3)] for k in range(8)]
    scaled = {"x": x, "y": [[row[0]] for row in x]}
    slow = {"x": [[row[0], row[1] / 1e4] for row in x], "y": [[5 * row[0]] for row in x]}
    gradient_descent = {"optimizer": "gradient_descent", "architecture": line}
    _, job = trained(client, data=scaled, eta=1e-7, iterations=50, **gradient_descent)
    assert warned(job, "more than 1000 times that of x1", "standardize")
    _, job = trained(client, data=slow, eta=1e-12, iterations=50, **gradient_descent)
    assert warned(job, "hardly moved", "try an eta above 1e-12")
    _, job = trained(client, data=slow, eta=0.05, iterations=20, **gradient_descent)
    assert warned(job, "still falling", "in the last tenth of the 20 iterations")
    most = {"x": [[0.0, 0.0]] * 24, "y": [[float(k < 20)] for k in range(24)]}
    one = {"sizes": [2, 1], "activations": "sigmoid", "seed": 2}
    _, job = trained(client, data=most, architecture=one)
    assert warned(job, "the accuracy is 0.833, and always guessing the largest class has 0.833")
    _, job = trained(client, data=slow, eta=0.5, iterations=2000, **gradient_descent)
    assert job["warnings"] == []


def test_outputs_that_can_leave_the_domain_of_the_loss_are_refused(client):
    body = OVERFIT | {
        "loss": "binary_cross_entropy",
        "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "identity"]},
    }
    (error,) = problem(client.post("/train", json=body), 422)["errors"]
    assert error["pointer"] == "/loss"
    assert "end the network with sigmoid or softmax" in error["detail"]
    network = {"layers": [{"weights": [[1]], "biases": [0.5], "activation": "identity"}]}
    asked = {"network": network, "x": [1], "y": [1], "loss": "binary_cross_entropy"}
    refused = problem(client.post("/backprop", json=asked), 422)
    assert "output[0, 0] is 1.5" in refused["detail"] + str(refused["errors"])
