"""Every question that does not fit is refused with the numbers, pointing at what is wrong."""

import pytest
from problem import problem, refusal
from questions import changed

LAYERS = "/network/layers"
TOO_DEEP = {"weights": [[1.0, 2.0, 3.0]], "biases": [0.0], "activation": "sigmoid"}
UNIT = {"weights": [[2.0, 1.0]], "biases": [-1.0], "activation": "sigmoid"}
AFTER_IT = {"weights": [[1.0]], "biases": [0.0], "activation": "identity"}
SOFTMAX = UNIT | {"activation": "softmax"}
LINE = {"layers": [UNIT | {"activation": "identity"}]}

NETWORKS = [
    (f"{LAYERS}", [], LAYERS, ["0 entries", "at least 1"]),
    (f"{LAYERS}/0/weights", [], f"{LAYERS}/0/weights", ["0 entries", "at least 1"]),
    (f"{LAYERS}/0/weights", [[]], f"{LAYERS}/0/weights/0", ["0 entries", "at least 1"]),
    (f"{LAYERS}/0/weights", [1], f"{LAYERS}/0/weights/0", ["array"]),
    (f"{LAYERS}/0/weights", [[1, 2], [3]], f"{LAYERS}/0/weights/1", ["row 2 has 1", "row 1 has 2"]),
    (f"{LAYERS}/0/weights", [[1, 2], [3, 4]], f"{LAYERS}/0/biases", ["layer 1", "1", "2"]),
    (f"{LAYERS}/0/biases", [1, 2], f"{LAYERS}/0/biases", ["layer 1", "2", "1"]),
    (f"{LAYERS}/0/biases", [[1]], f"{LAYERS}/0/biases/0", ["number"]),
    (f"{LAYERS}/0/activation", "signum", f"{LAYERS}/0/activation", ["sigmoid", "softmax"]),
    (f"{LAYERS}/0/activation", ["relu"], f"{LAYERS}/0/activation", ["sigmoid", "softmax"]),
    (LAYERS, [UNIT, TOO_DEEP], f"{LAYERS}/1/weights", ["layer 2", "1 × 3", "layer 1 has 1"]),
    (LAYERS, [SOFTMAX, AFTER_IT], f"{LAYERS}/0/activation", ["softmax", "last", "2 layers"]),
    (LAYERS, {"0": UNIT}, LAYERS, ["array"]),
    ("/network", [UNIT], "/network", ["object"]),
]


@pytest.mark.parametrize("path", ["/backprop", "/train", "/train/estimate"])
def test_a_step_function_is_refused_where_gradients_pass(client, path):
    where = f"{LAYERS}/0/activation"
    words = ["step", "no slope", "/forward", "perceptron"]
    refusal(client.post(path, json=changed(path, where, "step")), 422, where, *words)


@pytest.mark.parametrize("path", ["/forward", "/backprop", "/train", "/train/estimate"])
@pytest.mark.parametrize(("where", "value", "pointer", "words"), NETWORKS)
def test_a_network_that_does_not_fit_is_refused(client, path, where, value, pointer, words):
    refusal(client.post(path, json=changed(path, where, value)), 422, pointer, *words)


QUESTIONS = [
    ("/forward", "/x", [], "/x", ["0 entries"]),
    ("/forward", "/x", [[]], "/x/0", ["0 entries"]),
    ("/forward", "/x", 1, "/x", ["array"]),
    ("/forward", "/x", [[1, 2], [3]], "/x/1", ["row 2 has 1 number,", "row 1 has 2"]),
    ("/forward", "/x", [[1, 2], 3], "/x/1", ["array"]),
    ("/forward", "/x", [1, [2]], "/x/1", ["number"]),
    ("/forward", "/x", [[[1, 2]]], "/x/0/0", ["number"]),
    ("/forward", "/x", [1, 2, 3], "/x", ["3 numbers per sample", "expected 2"]),
    ("/forward", "/x", [1e308, 1e308], "/network/layers/0", ["s of layer 1", "inf"]),
    ("/forward", "/intermediates", 1, "/intermediates", ["true or false"]),
    ("/forward", "/precision", "float16", "/precision", ["float64", "float32"]),
    ("/backprop", "/y", [[0]], "/y", ["x has 2 samples", "y has 1"]),
    ("/backprop", "/y", [[0, 1], [1, 0]], "/y", ["2 numbers per sample", "expected 1"]),
    ("/backprop", "/y", [0], "/y", ["x is rows of samples", "y is a single sample"]),
    ("/backprop", "/x", [1, 2], "/y", ["x is a single sample", "y is rows of samples"]),
    ("/backprop", "/y", [[1e200], [0]], "/y", ["sample", "inf"]),
    ("/backprop", "/loss", "hinge", "/loss", ["squared", "cross_entropy"]),
    ("/backprop", "/reduction", "max", "/reduction", ["mean", "sum", "none"]),
    ("/backprop", "/gradient_check", "yes", "/gradient_check", ["true or false"]),
    ("/approximate", "/function", "sin(x", "/function", ["character 4", "never closed"]),
    ("/approximate", "/function", "sinus(x)", "/function", ["character 1", "sinus", "sin"]),
    ("/approximate", "/function", "", "/function", ["character 1", "ends"]),
    ("/approximate", "/function", "x" * 1001, "/function", ["1000 characters"]),
    ("/approximate", "/function", "__import__('os')", "/function", ["character 1"]),
    ("/approximate", "/function", "\0", "/function", ["character 1"]),
    ("/approximate", "/function", "1/x", "/function", ["inf", "x = 0.0"]),
    ("/approximate", "/function", "log(x - 1)", "/function", ["nan", "x = 0.0"]),
    ("/approximate", "/function", 1, "/function", ["text"]),
    ("/approximate", "/interval", [3, 0], "/interval", ["3.0 to 0.0", "no length"]),
    ("/approximate", "/interval", [1, 1], "/interval", ["1.0 to 1.0", "no length"]),
    ("/approximate", "/interval", [-1e308, 1e308], "/interval", ["-1e+308 to 1e+308", "finite"]),
    ("/approximate", "/interval", [0], "/interval", ["1 entry,", "at least 2"]),
    ("/approximate", "/interval", [0, 1, 2], "/interval", ["3 entries", "at most 2"]),
    ("/approximate", "/interval", [1, 1 + 5e-16], "/n", ["4 points", "spacing vanishes"]),
    ("/approximate", "/n", 1, "/n", ["greater than or equal to 2"]),
    ("/approximate", "/n", None, "", ["interval and n"]),
    ("/approximate", "/interval", None, "", ["interval and n"]),
    ("/approximate", "/function", None, "", ["function or samples"]),
    ("/approximate", "/samples", {"x": [0, 1], "y": [0, 1]}, "", ["function or samples"]),
    ("/approximate", "/grid", [0, 1], "", ["its own n"]),
    ("/approximate", "/grid", "random", "/grid", ["equidistant", "chebyshev"]),
    ("/approximate", "/grid", 3, "/grid", ["array"]),
    ("/approximate", "/grid", ["a"], "/grid/0", ["number"]),
    ("/approximate/compare", "/n", [], "/n", ["0 entries"]),
    ("/approximate/compare", "/n", [2] * 65, "/n", ["65 entries", "at most 64"]),
    ("/approximate/compare", "/n", [4, 1], "/n/1", ["greater than or equal to 2"]),
    ("/approximate/compare", "/grids", ["random"], "/grids/0", ["equidistant"]),
    ("/approximate/compare", "/grids", [], "/grids", ["0 entries"]),
    ("/approximate/compare", "/function", "1/x", "/function", ["inf", "x = 0.0"]),
    ("/approximate/compare", "/interval", [3, 0], "/interval", ["no length"]),
    ("/train", "/network", None, "", ["network or architecture"]),
    ("/train", "/architecture", {"sizes": [2, 1]}, "", ["network or architecture"]),
    ("/train", "/data", {}, "/data/x", ["missing"]),
    ("/train", "/data", [1], "/data", ["object"]),
    ("/train", "/data/y", [[1.0], [2.0]], "/data/y", ["x has 1 sample,", "y has 2"]),
    ("/train", "/data/y", [1.0, 2.0], "/data/y", ["x is rows", "y is a single sample"]),
    ("/train", "/data/x", [[1.0]], "/data/x", ["1 number per sample", "2"]),
    ("/train", "/data/y", [[1.0, 2.0]], "/data/y", ["2 numbers per sample", "1"]),
    ("/train", "/data/x", [[1.0], [1.0, 2.0]], "/data/x/1", ["row 2 has 2", "row 1 has 1"]),
    ("/train", "/data", {"dataset": "iris"}, "/data/dataset", ["moons", "linear"]),
    ("/train", "/data", {"dataset": "moons", "samples": 1}, "/data/samples", ["equal to 2"]),
    ("/train", "/data", {"dataset": "moons", "noise": -1}, "/data/noise", ["equal to 0"]),
    ("/train", "/data", {"dataset": "moons", "classes": 3}, "/data/classes", ["2 classes", "3"]),
    ("/train", "/data", {"dataset": "moons", "y": [[1]]}, "/data/y", ["no such key"]),
    ("/train", "/loss", "hinge", "/loss", ["squared"]),
    ("/train", "/eta", 0, "/eta", ["greater than 0"]),
    ("/train", "/eta", -1.0, "/eta", ["greater than 0"]),
    ("/train", "/iterations", 0, "/iterations", ["equal to 1"]),
    ("/train", "/batch_size", 0, "/batch_size", ["equal to 1"]),
    ("/train", "/seed", -1, "/seed", ["equal to 0"]),
    ("/train", "/seed", 2**53, "/seed", [str(2**53 - 1)]),
    ("/train", "/validation_fraction", 1, "/validation_fraction", ["less than 1"]),
    ("/train", "/validation_fraction", 0.5, "/validation_fraction", ["0.5 of 1 sample"]),
    ("/train", "/early_stopping", {"patience": 0}, "/early_stopping/patience", ["equal to 1"]),
    ("/train", "/early_stopping", 1, "/early_stopping", ["object"]),
    ("/train", "/optimizer", "newton", "/optimizer", ["gradient_descent", "adam"]),
    ("/train", "/optimizer", {}, "/optimizer", ["gradient_descent", "adam"]),
    ("/train", "/optimizer", {"name": "adam", "beta1": 2}, "/optimizer/beta1", ["[0, 1)", "2.0"]),
    ("/train", "/optimizer", {"name": "adam", "beta3": 2}, "/optimizer/beta3", ["no such key"]),
    ("/train", "/optimizer", {"name": "adam", "beta1": "a"}, "/optimizer/beta1", ["number"]),
    ("/train", "/precision", "float16", "/precision", ["float64", "float32"]),
]


@pytest.mark.parametrize(("path", "where", "value", "pointer", "words"), QUESTIONS)
def test_a_question_that_does_not_fit_is_refused(client, path, where, value, pointer, words):
    response = client.post(path, json=changed(path, where, value))
    errors = problem(response, 422)["errors"]
    (error,) = [error for error in errors if error["pointer"] == pointer]
    for word in words:
        assert word in error["detail"]


SAMPLES = [
    ({"x": [0, 1], "y": [0, 1, 2]}, "/samples/y", ["y has 3 entries, but x has 2"]),
    ({"x": [0, 0], "y": [0, 1]}, "/samples/y/0", ["no value", "x = 0.0"]),
    ({"x": [-1e308, 1e308], "y": [0, 1]}, "/samples/x", ["finite"]),
    ({"x": [0, 1e-300], "y": [-1e308, 1e308]}, "/samples/y/0", ["slope"]),
    ({"x": [[0, 1]], "y": [0, 1]}, "/samples/x/0", ["number"]),
    ({"x": [0, 1]}, "/samples/y", ["missing"]),
]


@pytest.mark.parametrize(("samples", "pointer", "words"), SAMPLES)
def test_a_table_that_is_no_function_is_refused(client, samples, pointer, words):
    refusal(client.post("/approximate", json={"samples": samples}), 422, pointer, *words)


@pytest.mark.parametrize(
    ("question", "pointer", "words"),
    [
        ({"grid": [0, 0]}, "/grid/1", ["point 2", "not above"]),
        ({"grid": [0]}, "/grid", ["at least 2"]),
        ({"grid": [0, 1], "interval": [0, 0.5]}, "/grid", ["from 0 to 1", "from 0 to 0.5"]),
    ],
)
def test_a_given_grid_that_does_not_fit_is_refused(client, question, pointer, words):
    question = question | {"function": "x"}
    refusal(client.post("/approximate", json=question), 422, pointer, *words)


ARCHITECTURES = [
    ({"sizes": [2]}, "/architecture/sizes", ["1 entry,", "at least 2"]),
    ({"sizes": [2, 0]}, "/architecture/sizes/1", ["equal to 1"]),
    ({"sizes": [2, 1], "activations": "step"}, "/architecture/activations", ["sigmoid"]),
    ({"sizes": [2, 1], "activations": ["step"]}, "/architecture/activations/0", ["sigmoid"]),
    ({"sizes": [2, 1], "activations": ["relu"] * 2}, "/architecture/activations", ["2", "1"]),
    ({"sizes": [2, 2, 1], "activations": "softmax"}, "/architecture/activations", ["last"]),
    ({"sizes": [2, 1], "seed": -1}, "/architecture/seed", ["equal to 0"]),
    ({"sizes": [3, 1]}, "/data/x", ["2 numbers per sample", "3"]),
    ({"sizes": [2, 2]}, "/data/y", ["1 number per sample", "2"]),
]


@pytest.mark.parametrize(("architecture", "pointer", "words"), ARCHITECTURES)
def test_an_architecture_that_does_not_fit_is_refused(client, architecture, pointer, words):
    question = {"architecture": architecture, "data": {"dataset": "xor"}}
    refusal(client.post("/train", json=question), 422, pointer, *words)


@pytest.mark.parametrize(
    ("address", "pointer", "words"),
    [
        ("/datasets/moons?samples=1", "/query/samples", ["equal to 2"]),
        ("/datasets/moons?samples=1.5", "/query/samples", ["integer"]),
        ("/datasets/moons?samples=true", "/query/samples", ["integer"]),
        ("/datasets/moons?samples=", "/query/samples", ["integer"]),
        ("/datasets/moons?samples=%00", "/query/samples", ["integer"]),
        ("/datasets/moons?noise=nan", "/query/noise", ["finite"]),
        ("/datasets/moons?noise=inf", "/query/noise", ["finite"]),
        ("/datasets/moons?noise=x", "/query/noise", ["number"]),
        ("/datasets/moons?seed=-1", "/query/seed", ["equal to 0"]),
        ("/datasets/moons?classes=3", "/query/classes", ["2 classes", "3"]),
        ("/datasets/moons?size=3", "/query/size", ["no such key"]),
        ("/train?state=done", "/query/state", ["queued", "cancelled"]),
        ("/train?limit=0", "/query/limit", ["equal to 1"]),
        ("/train?limit=1001", "/query/limit", ["1000"]),
        ("/train?cursor=x", "/query/cursor", ["'x'", "not a cursor"]),
        ("/train?cursor=%F0%9F%98%80", "/query/cursor", ["not a cursor"]),
        ("/train?page=2", "/query/page", ["no such key"]),
    ],
)
def test_a_query_that_does_not_fit_is_refused(client, address, pointer, words):
    refusal(client.get(address), 422, pointer, *words)


@pytest.mark.parametrize(
    ("loss", "network", "y", "pointer", "words"),
    [
        (
            "binary_cross_entropy",
            {"layers": [UNIT]},
            [[2.0], [0.0]],
            "/y",
            ["[0, 1]", "y[0, 0] is 2"],
        ),
        ("cross_entropy", {"layers": [SOFTMAX]}, [[1.0], [-1.0]], "/y", ["y[1, 0] is -1"]),
    ],
)
def test_a_target_or_output_outside_the_domain_of_the_loss_is_refused(
    client, loss, network, y, pointer, words
):
    question = {"network": network, "x": [[1, 2], [3, 4]], "y": y, "loss": loss}
    refusal(client.post("/backprop", json=question), 422, pointer, *words)
    training = {"network": network, "data": {"x": [[1, 2], [3, 4]], "y": y}, "loss": loss}
    refusal(client.post("/train", json=training), 422, f"/data{pointer}", *words)


def test_an_output_outside_the_domain_of_the_loss_is_refused(client):
    loss, x, y = "binary_cross_entropy", [[1, 2], [3, 4]], [[1.0], [0.0]]
    question = {"network": LINE, "x": x, "y": y, "loss": loss}
    words = ["[0, 1]", "output[0, 0] is 3"]  # these numbers
    refusal(client.post("/backprop", json=question), 422, "/network", *words)
    training = {"network": LINE, "data": {"x": x, "y": y}, "loss": loss}
    words = ["[0, 1]", "identity can leave", "sigmoid"]  # any numbers of this training
    refusal(client.post("/train", json=training), 422, "/loss", *words)
