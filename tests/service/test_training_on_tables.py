"""Training on data sets with columns, and on labels: encoded, scaled, and the names kept."""

import csv
import io
import json

import numpy as np
import pytest
from problem import problem, refusal
from sklearn import metrics
from sklearn.datasets import load_diabetes, load_iris
from sklearn.dummy import DummyClassifier
from sklearn.preprocessing import StandardScaler

from service.limits import Limits
from service.schemas.training.request import TrainRequest
from service.settings import Settings
from service.submission.presets import TABULAR
from service.submission.training import TrainingSubmission

IRIS = load_iris()
SPECIES = [str(IRIS.target_names[k]) for k in IRIS.target]
DIABETES = load_diabetes()


def upload(client, names, rows) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([names, *rows])
    response = client.post(
        "/datasets", content=file.getvalue().encode(), headers={"content-type": "text/csv"}
    )
    assert response.status_code == 201, response.text
    return response.json()["id"]


@pytest.fixture(scope="module")
def iris(client):
    rows = [[*row, name] for row, name in zip(IRIS.data.tolist(), SPECIES, strict=True)]
    return upload(client, [*"abcd", "species"], rows)


@pytest.fixture(scope="module")
def diabetes(client):
    # Widths far apart, as tables have them.
    x = DIABETES.data * np.geomspace(1e-3, 1e6, 10) + 5.0
    return upload(
        client,
        [*DIABETES.feature_names, "y"],
        np.column_stack([x, DIABETES.target]).tolist(),
    )


def train(client, **question):
    response = client.post("/train", json=question)
    assert response.status_code == 202, response.text
    return response.headers["location"], response.json()


def trained(client, **question):
    path, _ = train(client, **question)
    job = client.ended(path)
    assert job["state"] == "succeeded", job
    return path, job


def output(client, path, x):
    network = client.get(f"{path}/network").json()
    answer = client.post("/forward", json={"network": network, "x": x, "intermediates": False})
    return np.array(answer.json()["output"])


def test_the_smallest_request_trains_a_good_classifier(client, iris):
    path, job = trained(client, data={"dataset": iris, "target": "species"})
    assert job["training"]["sizes"][0] == 4
    assert job["training"]["activations"][-1] == "softmax"
    assert job["training"]["loss"] == "cross_entropy"
    data = {"kind": "dataset", "dataset": iris, "samples": 150, "classes": 3}
    assert data.items() <= job["training"]["data"].items()
    assert job["training"]["data"]["features"] == [*"abcd"]
    right = output(client, path, IRIS.data.tolist()).argmax(axis=1) == IRIS.target
    assert right.mean() > 0.93


def test_the_smallest_request_trains_a_good_regression_of_unequal_columns(client, diabetes):
    path, job = trained(client, data={"dataset": diabetes, "target": "y"}, test_fraction=0.25)
    assert job["training"]["activations"][-1] == "identity"
    rows = client.get(f"{path}/data").json()
    test = np.array(rows["part"]) == "test"
    y = np.array(rows["y"])[test, 0]
    error = y - output(client, path, rows["x"])[test, 0]
    assert 1.0 - np.mean(error**2) / np.var(y) > 0.25


def test_the_network_takes_numbers_as_they_are(client, iris):
    """Trained on standardized rows it is the network of standardized numbers, folded."""
    question = {
        "architecture": {"hidden": [5], "seed": 3},
        "optimizer": "gradient_descent",
        "eta": 0.1,
        "iterations": 20,
        "seed": 1,
        "validation_fraction": 0.0,
        "batch_size": None,
        "early_stopping": None,
    }
    table = {"dataset": iris, "target": "species"}
    raw, _ = trained(client, data=table, preset=None, standardize=True, **question)
    x = StandardScaler().fit_transform(IRIS.data)
    y = np.eye(3)[IRIS.target].tolist()
    given = {"x": x.tolist(), "y": y}
    scaled, _ = trained(client, data=given, **question)
    np.testing.assert_allclose(
        output(client, raw, IRIS.data.tolist()),
        output(client, scaled, x.tolist()),
        rtol=1e-9,
        atol=1e-12,
    )


LABELS = [
    (["b", "a", "b", "c"], ["a", "b", "c"]),
    ([["b"], ["a"], ["b"], ["c"]], ["a", "b", "c"]),
    ([True, False, True, True], [False, True]),
    ([2, 0, 2, 7], [0, 2, 7]),
    ([[2], [0], [2], [7]], [0, 2, 7]),
]


@pytest.mark.parametrize(("y", "classes"), LABELS)
def test_labels_are_taken_flat_and_in_rows(client, y, classes):
    x = [[0, 0], [0, 1], [1, 0], [1, 1]]
    outputs = 1 if len(classes) == 2 else len(classes)
    last = "sigmoid" if outputs == 1 else "softmax"
    architecture = {"sizes": [2, 3, outputs], "activations": ["tanh", last]}
    path, job = train(client, data={"x": x, "y": y}, architecture=architecture, iterations=1)
    assert job["training"]["data"]["classes"] == len(classes)
    rows = client.get(f"{path}/data").json()
    flat = [row[0] if isinstance(row, list) else row for row in y]
    codes = [classes.index(label) for label in flat]
    expected = [[code] for code in codes] if outputs == 1 else np.eye(outputs)[codes].tolist()
    assert rows["y"] == expected
    names = [f"y={json.dumps(label).strip(chr(34))}" for label in classes]
    assert rows["y_names"] == (names if outputs > 1 else names[-1:])


def test_a_flat_y_is_a_column_for_one_output_and_a_flat_x_one_feature(client):
    question = {"architecture": {"sizes": [1, 2, 1]}, "iterations": 1}
    path, _ = train(client, data={"x": [1, 2, 3], "y": [0, 1, 1]}, **question)
    rows = client.get(f"{path}/data").json()
    assert (rows["x"], rows["y"]) == ([[1], [2], [3]], [[0], [1], [1]])


def test_hidden_layers_are_enough(client):
    for y, last in (([0.5, 1.5, 2.5], "identity"), (["a", "b", "a"], "sigmoid")):
        _, job = train(
            client, data={"x": [[1], [2], [3]], "y": y}, architecture={"hidden": [4]}, iterations=1
        )
        assert job["training"]["activations"] == ["relu", last]
        assert job["training"]["sizes"] == [1, 4, 1]


@pytest.fixture(scope="module")
def gaps(client):
    rows = [[1.5, "red", 1.0], ["", "blue", 2.0], [4.5, "", 3.0], [6.0, "red", 9.0]]
    return upload(client, ["width", "color", "y"], rows)


def test_missing_values_are_refused_dropped_or_filled(client, gaps):
    question = {"architecture": {"hidden": []}, "iterations": 1, "validation_fraction": 0}
    asked = {"data": {"dataset": gaps, "target": "y"}} | question
    refusal(client.post("/train", json=asked), 422, "/data/missing", "row 2", "'width'", "drop")
    asked["data"]["missing"] = "drop"
    path, _ = train(client, **asked)
    rows = client.get(f"{path}/data").json()
    assert rows["x_names"] == ["width", "color=blue", "color=red"]
    assert rows["x"] == [[1.5, 0, 1], [6, 0, 1]]
    asked["data"]["missing"] = "mean"
    path, _ = train(client, **asked)
    assert client.get(f"{path}/data").json()["x"] == [
        [1.5, 0, 1],
        [4.0, 1, 0],
        [4.5, 0, 0],
        [6, 0, 1],
    ]


@pytest.mark.parametrize(
    ("data", "pointer", "said"),
    [
        ({"target": "z"}, "/data/target", "no column 'z'"),
        ({"target": "species", "features": ["a", "q"]}, "/data/features", "no column 'q'"),
        ({"target": "species", "features": ["species"]}, "/data/features", "is the target"),
        ({"target": "species", "leave_out": [*"abcd"]}, "/data/features", "no column is left"),
        ({"target": ["a", "species"]}, "/data/target", "is a category"),
        ({"dataset": "0" * 32}, "/data/dataset", "no data set"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_place(client, iris, data, pointer, said):
    response = client.post("/train", json={"data": {"dataset": iris} | data})
    document = problem(response, 422 if pointer else 404)
    assert said in document["detail"]
    if pointer:
        assert [one["pointer"] for one in document["errors"]] == [pointer]


def test_a_network_of_other_ends_is_refused(client, iris):
    data = {"dataset": iris, "target": "species"}
    for sizes, said in (([3, 2, 3], "4 numbers per sample"), ([4, 2, 2], "3 classes")):
        asked = {"data": data, "architecture": {"sizes": sizes, "activations": "sigmoid"}}
        assert said in problem(client.post("/train", json=asked), 422)["detail"]


def test_a_batch_larger_than_the_data_is_the_data(client):
    question = {"data": {"dataset": "xor"}, "architecture": {"sizes": [2, 3, 1]}, "iterations": 3}
    losses = {trained(client, **question, batch_size=size)[1]["loss"] for size in (None, 200, 5000)}
    assert len(losses) == 1


def test_an_epoch_is_the_iterations_that_meet_every_row_once(client):
    question = {"data": {"dataset": "xor"}, "architecture": {"sizes": [2, 3, 1]}, "epochs": 3}
    _, job = train(client, **question, batch_size=64, validation_fraction=0.1)
    assert job["iterations"] == 9
    both = client.post("/train", json=question | {"iterations": 3})
    assert "either iterations or epochs" in problem(both, 422)["detail"]


def test_the_request_comes_back_and_trains_the_same_again(client, iris):
    question = {"data": {"dataset": iris, "target": "species"}, "epochs": 2, "name": "first"}
    path, job = trained(client, **question)
    asked = client.get(f"{path}/request").json()
    assert asked == question
    _, again = trained(client, **asked)
    assert again["loss"] == job["loss"]


def test_jobs_are_found_by_what_they_say_of_themselves(client, iris):
    moons = {"data": {"dataset": "moons"}, "architecture": {"sizes": [2, 3, 1]}, "iterations": 1}
    one = train(client, **moons, name="one", tags=["x", "y"], optimizer="adam")[0]
    two = train(client, **moons, name="two", tags=["y"], loss="binary_cross_entropy")[0]
    three = train(client, data={"dataset": iris}, tags=["y"], epochs=1)[0]

    def found(**query):
        jobs = client.get("/train", params=query).json()["jobs"]
        return [f"/train/{job['id']}" for job in jobs]

    assert found(tag="y") == [three, two, one]
    assert found(tag="x") == found(name="one") == [one]
    assert found(tag="y", dataset=iris) == [three]
    assert found(tag="y", dataset="moons", optimizer="adam") == [one]
    assert found(tag="y", loss="binary_cross_entropy") == [two]
    assert found(tag="z") == []


def test_the_data_come_back_as_csv_with_the_part_of_each_row(client, iris):
    parts = {"validation_fraction": 0.2, "test_fraction": 0.2}
    path, _ = train(client, data={"dataset": iris}, epochs=1, **parts)
    text = client.get(f"{path}/data", headers={"accept": "text/csv"}).text
    header, *rows = csv.reader(io.StringIO(text))
    assert header == [*"abcd", *(f"species={name}" for name in IRIS.target_names), "part"]
    assert [[float(one) for one in row[:4]] for row in rows] == IRIS.data.tolist()
    parts = [row[-1] for row in rows]
    assert {part: parts.count(part) for part in set(parts)} == {
        "training": 90,
        "validation": 30,
        "test": 30,
    }


def test_scores_are_those_of_scikit_learn_on_each_part(client, iris):
    parts = {"validation_fraction": 0.2, "test_fraction": 0.2}
    path, _ = trained(client, data={"dataset": iris}, epochs=20, **parts)
    scores = client.get(f"{path}/evaluation").json()
    rows = client.get(f"{path}/data").json()
    predicted = output(client, path, rows["x"]).argmax(axis=1)
    right = np.argmax(rows["y"], axis=1)
    for part in ("training", "validation", "test"):
        here = np.array(rows["part"]) == part
        found = scores[part]["classification"]
        expected = metrics.confusion_matrix(right[here], predicted[here], labels=range(3))
        assert found["confusion"] == expected.tolist()
        assert found["accuracy"] == metrics.accuracy_score(right[here], predicted[here])
        assert found["right"] == metrics.accuracy_score(
            right[here], predicted[here], normalize=False
        )
        always = DummyClassifier(strategy="most_frequent").fit(right[here][:, None], right[here])
        assert found["most_frequent"] == (always.predict(right[here][:, None]) == right[here]).sum()
        assert [one["label"] for one in found["classes"]] == list(IRIS.target_names)
        assert scores[part]["regression"] is None
    assert scores["test"]["rows"] == 30


def test_scores_of_a_regression_are_those_of_scikit_learn(client, diabetes):
    path, _ = trained(client, data={"dataset": diabetes, "target": "y"}, epochs=20)
    scores = client.get(f"{path}/evaluation").json()
    assert scores["test"] is None
    rows = client.get(f"{path}/data").json()
    here = np.array(rows["part"]) == "validation"
    y, found = np.array(rows["y"])[here], output(client, path, rows["x"])[here]
    (score,) = scores["validation"]["regression"]
    assert score["name"] == "y"
    assert score["r2"] == pytest.approx(metrics.r2_score(y, found))
    assert score["mean_absolute_error"] == pytest.approx(metrics.mean_absolute_error(y, found))


def test_an_ensemble_is_served_as_one_network(client, iris):
    question = {"data": {"dataset": iris}, "epochs": 10}
    path, _ = trained(client, **question, ensemble=3)
    x = IRIS.data.tolist()
    logits = []
    for seed in range(3):
        architecture = {"hidden": list(TABULAR.hidden), "seed": seed}
        one, _ = trained(client, **question, architecture=architecture)
        logits.append(np.log(output(client, one, x)))
    mean = np.exp(np.mean(logits, axis=0))
    expected = mean / mean.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(output(client, path, x), expected, rtol=1e-9, atol=1e-12)
    assert len(client.get(f"{path}/restarts").json()) == 3
    both = client.post("/train", json=question | {"ensemble": 3, "restarts": 3})
    assert "either restarts, ensemble or folds" in problem(both, 422)["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": {"name": "lbfgs", "memory": 5}, "weight_decay": 0.01},
        {"optimizer": "nesterov", "schedule": "cosine", "clip_norm": 1, "batch_size": 8},
        {"optimizer": "adam", "schedule": {"name": "coslog", "cycles": 2}, "label_smoothing": 0.1},
        {"optimizer": "momentum", "schedule": {"name": "plateau", "patience": 1}, "eta": 5},
    ],
)
def test_every_way_to_train_has_worked_steps(client, changes):
    question = {
        "data": {"dataset": "moons", "samples": 20},
        "architecture": {"sizes": [2, 4, 1], "activations": "sigmoid", "initialization": "he"},
        "loss": "binary_cross_entropy",
        "iterations": 30,
        "eta": 0.1,
    }
    path, job = trained(client, **question | changes)
    step = client.get(f"{path}/steps/3")
    assert step.status_code == 200, step.text
    text = client.get(f"{path}/steps/3", headers={"accept": "text/markdown"}).text
    assert "Update" in text
    assert job["loss"] < 0.8


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"optimizer": "lbfgs", "batch_size": 16}, "/batch_size"),
        ({"optimizer": "lbfgs", "schedule": "cosine"}, "/schedule"),
        ({"optimizer": {"name": "lbfgs", "memory": 0}}, "/optimizer/memory"),
        ({"schedule": {"name": "coslog", "cycles": 0}}, "/schedule/cycles"),
        ({"schedule": {"name": "plateau", "ratio": 1}}, "/schedule/ratio"),
        ({"schedule": {"name": "plateau", "patience": 0}}, "/schedule/patience"),
        ({"schedule": "linear"}, "/schedule"),
        ({"label_smoothing": 0.1}, "/label_smoothing"),
        ({"weight_decay": -1}, "/weight_decay"),
    ],
)
def test_ways_to_train_that_make_no_sense_are_refused(client, changes, pointer):
    question = {"data": {"dataset": "moons"}, "architecture": {"sizes": [2, 4, 1]}}
    document = problem(client.post("/train", json=question | changes), 422)
    assert document["errors"][0]["pointer"] == pointer


def test_jobs_keep_their_rows_when_the_data_set_is_deleted(client):
    dataset = upload(client, ["a", "y"], [[1, 2], [3, 5], [4, 7], [6, 1]])
    question = {"epochs": 1, "validation_fraction": 0, "architecture": {"hidden": [2]}}
    path, _ = train(client, data={"dataset": dataset, "target": "y"}, **question)
    assert client.delete(f"/datasets/{dataset}").status_code == 204
    assert client.ended(path)["state"] == "succeeded"
    assert client.get(f"{path}/data").json()["x"] == [[1], [3], [4], [6]]


def test_nan_in_a_body_is_refused_with_its_place(client):
    body = b'{"samples": {"x": [0, 1, 2], "y": [0, NaN, 2]}}'
    response = client.post(
        "/approximate", content=body, headers={"content-type": "application/json"}
    )
    refusal(response, 422, "/samples/y/1", "NaN at samples.y[1]", "line 1 column")


def test_folds_are_scored_by_networks_that_have_not_seen_them(client, iris):
    question = {"data": {"dataset": iris}, "epochs": 10, "test_fraction": 0.2}
    path, job = trained(client, **question, folds=4)
    alone, same = trained(client, **question)
    assert job["loss"] == same["loss"]
    assert client.get(f"{path}/network").json() == client.get(f"{alone}/network").json()
    assert job["best_seed"] is None
    scores = client.get(f"{path}/evaluation").json()
    folds = scores["cross_validation"]["folds"]
    held_out = [row for fold in folds for row in fold["indices"]]
    assert sorted([*held_out, *scores["test"]["indices"]]) == list(range(150))
    accuracies = [fold["classification"]["accuracy"] for fold in folds]
    spread = {"mean": np.mean(accuracies), "deviation": np.std(accuracies)}
    assert scores["cross_validation"]["scores"]["accuracy"] == pytest.approx(spread)
    assert np.mean(accuracies) > 0.7
    assert client.get(f"{alone}/evaluation").json()["cross_validation"] is None
    assert [one["best"] for one in client.get(f"{path}/restarts").json()] == [True, *[False] * 4]
    step = client.get(f"{path}/steps/2")
    assert step.json() == client.get(f"{alone}/steps/2").json()


def test_a_fold_is_the_training_on_the_other_rows(client):
    """Also its scaling: x and y of the fold's rows have no part in it."""
    generator = np.random.default_rng(4)
    x = generator.normal(size=(30, 2)) * [1, 100]
    y = x @ [1.0, 0.01] + 3
    question = {
        "architecture": {"hidden": [4], "seed": 7, "activations": "tanh"},
        "standardize": True,
        "optimizer": "lbfgs",
        "iterations": 15,
    }
    path, _ = trained(client, data={"x": x.tolist(), "y": y.tolist()}, folds=3, **question)
    folds = client.get(f"{path}/evaluation").json()["cross_validation"]["folds"]
    for number, fold in enumerate(folds):
        others = np.setdiff1d(np.arange(30), fold["indices"])
        data = {"x": x[others].tolist(), "y": y[others].tolist()}
        architecture = question["architecture"] | {"seed": 8 + number}
        alone, _ = trained(client, data=data, **question | {"architecture": architecture})
        predicted = output(client, alone, x[fold["indices"]].tolist())[:, 0]
        error = np.sqrt(np.mean((predicted - y[fold["indices"]]) ** 2))
        found = fold["regression"][0]["root_mean_squared_error"]
        assert found == pytest.approx(error, rel=1e-9)


def test_folds_that_make_no_sense_are_refused(client):
    data = {"x": [[1], [2], [3]], "y": [1, 2, 4]}
    question = {"data": data, "architecture": {"hidden": [2]}, "iterations": 1}
    refusal(client.post("/train", json=question | {"folds": 4}), 422, "/folds", "4 folds of 3")
    both = client.post("/train", json=question | {"folds": 2, "restarts": 2})
    assert "either restarts, ensemble or folds" in problem(both, 422)["detail"]


def test_balanced_classes_weigh_the_same(client):
    generator = np.random.default_rng(2)
    x = np.concatenate([generator.normal(size=(90, 1)), generator.normal(size=(10, 1)) + 1])
    y = ["common"] * 90 + ["rare"] * 10
    question = {"data": {"x": x.tolist(), "y": y}, "architecture": {"hidden": [3]}, "epochs": 200}
    balanced = question | {"optimizer": "adam", "eta": 0.1, "class_weights": "balanced"}
    path, _ = trained(client, **balanced)
    rows = client.get(f"{path}/data").json()
    assert rows["weights"] == pytest.approx([100 / 180] * 90 + [5.0] * 10)
    assert rows["y"] == [[0]] * 90 + [[1]] * 10
    named = question | {"class_weights": {"rare": 9}, "optimizer": "adam", "eta": 0.1}
    nine_fold, _ = trained(client, **named)
    plain, _ = trained(client, **question, optimizer="adam", eta=0.1)

    def recall(path):
        scores = client.get(f"{path}/evaluation").json()["training"]["classification"]
        return scores["classes"][1]["recall"]

    assert recall(plain) < min(recall(path), recall(nine_fold))
    step = client.get(f"{path}/steps/2").json()
    assert step["weights"] == pytest.approx(rows["weights"])


def test_a_column_has_the_weights_of_the_rows(client):
    rows = [[1, 2, 0], [2, 4, 1], [3, 7, 1], [4, 8, 2], [5, 30, 0]]
    dataset = upload(client, ["x", "y", "times"], rows)
    data = {"dataset": dataset, "target": "y", "weights": "times"}
    question = {"architecture": {"hidden": []}, "optimizer": "lbfgs", "iterations": 100}
    question |= {"validation_fraction": 0, "early_stopping": None}
    path, job = trained(client, data=data, **question)
    assert job["training"]["data"]["features"] == ["x"]
    slope, offset = np.polyfit([2, 3, 4], [4, 7, 8], 1, w=np.sqrt([1, 1, 2]))
    found = output(client, path, [[0.0], [1.0]])[:, 0]
    np.testing.assert_allclose(found, [offset, offset + slope], rtol=1e-5)
    text = client.get(f"{path}/data", headers={"accept": "text/csv"}).text
    assert text.splitlines()[:2] == ["x,y,weight,part", "1,2,0,training"]
    paper = client.get(f"{path}/steps/1", headers={"accept": "text/markdown"})
    assert "E is multiplied by the weight each sample has" in paper.text


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"class_weights": {"d": 1}}, "/class_weights/d", "a, b"),
        ({"class_weights": {"a": -1}}, "/class_weights/a", "greater than or equal to 0"),
        ({"class_weights": "equal"}, "/class_weights", "balanced"),
        ({"data": {"x": [[1], [2]], "y": ["a", "b"], "weights": [1]}}, "/data/weights", "2"),
        ({"data": {"x": [[1], [2]], "y": ["a", "b"], "weights": [1, -1]}}, "/data/weights", "row"),
        ({"data": {"x": [[1], [2]], "y": [0.5, 7]}, "class_weights": "balanced"}, "/class", "y"),
    ],
)
def test_weights_that_do_not_fit_are_refused(client, changes, pointer, said):
    question = {"data": {"x": [[1], [2]], "y": ["a", "b"]}, "architecture": {"hidden": [2]}}
    document = problem(client.post("/train", json=question | changes), 422)
    assert any(error["pointer"].startswith(pointer) for error in document["errors"]), document
    assert said in document["detail"]


@pytest.mark.parametrize(
    ("rows", "choices", "decay"),
    [
        (2000, {}, 1.0),
        (8000, {}, 0.25),
        (10_000, {"test_fraction": 0.2}, 0.25),
        (8000, {"weight_decay": 1}, 1.0),
        (8000, {"optimizer": "adam"}, 0.0),
    ],
)
def test_the_weight_decay_of_the_preset_is_shared_by_many_rows(rows, choices, decay):
    x = np.arange(2.0 * rows).reshape(-1, 2)
    data = {"x": x, "y": (np.arange(rows) % 2.0).reshape(-1, 1)}
    request = TrainRequest(data=data, preset="tabular", architecture={"hidden": [3]}, **choices)
    chosen = TrainingSubmission.of(request, Limits(Settings()), lambda: None).specification
    assert chosen.weight_decay == pytest.approx(decay)


def test_the_preset_depends_on_the_kind_of_target_and_on_a_named_optimizer():
    def configured(y, **choices):
        request = TrainRequest(
            data={"x": np.arange(40.0).reshape(20, 2), "y": y}, preset="tabular", **choices
        )
        return TrainingSubmission.of(request, Limits(Settings()), lambda: None).specification

    labels, numbers = np.array([[0.0], [1.0]] * 10), np.linspace(0.0, 3.0, 20).reshape(-1, 1)
    classes, regression = (configured(y, architecture={"hidden": [3]}) for y in (labels, numbers))
    assert (classes.weight_decay, classes.validation_fraction) == (1.0, 0.0)
    assert classes.early_stopping is None
    assert classes.label_smoothing == 0.1
    assert (regression.weight_decay, regression.validation_fraction) == (0.3, 0.2)
    assert regression.early_stopping.patience == 40
    assert regression.label_smoothing == 0.0
    other = configured(labels, architecture={"hidden": [3]}, optimizer="lbfgs", iterations=5)
    assert (other.weight_decay, other.validation_fraction, other.schedule) == (0.0, 0.2, None)
    said = configured(numbers, architecture={"hidden": [3]}, weight_decay=0, validation_fraction=0)
    assert (said.weight_decay, said.validation_fraction) == (0.0, 0.0)
