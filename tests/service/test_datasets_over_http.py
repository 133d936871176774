"""The toy sets over HTTP: the numbers of the core, the same for the same query."""

import numpy as np
import pytest

from core.datasets import DATASETS


def test_every_dataset_of_the_core_is_listed(client):
    listed = client.get("/datasets").json()["datasets"]
    assert [one["name"] for one in listed] == list(DATASETS)
    for one in listed:
        assert one["title"]
        assert one["description"]


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("query", [{}, {"samples": 7, "noise": 0.5, "seed": 3}, {"noise": 0}])
def test_a_draw_is_the_draw_of_the_core(client, name, query):
    answer = client.get(f"/datasets/{name}", params=query).json()
    asked = {"samples": 200, "noise": 0.1, "seed": 0, "classes": 2} | query
    assert {key: answer[key] for key in asked} == asked
    generator = np.random.default_rng(asked["seed"])
    x, y = DATASETS[name].make(asked["samples"], float(asked["noise"]), generator, 2)
    np.testing.assert_array_equal(answer["x"], x)
    np.testing.assert_array_equal(answer["y"], y)
    assert set(np.ravel(answer["y"])) == {0, 1}
    assert np.shape(answer["y"]) == (asked["samples"], 1)


def test_more_than_two_classes_are_one_hot(client):
    y = np.array(client.get("/datasets/blobs?classes=4&samples=40").json()["y"])
    assert y.shape == (40, 4)
    np.testing.assert_array_equal(y.sum(axis=1), 1)


def test_drawn_here_and_drawn_for_a_training_is_the_same_data(client):
    drawn = client.get("/datasets/circles?samples=20&seed=5").json()
    question = {"architecture": {"sizes": [2, 3, 1]}, "iterations": 1}
    by_name = question | {"data": {"dataset": "circles", "samples": 20, "seed": 5}}
    by_value = question | {"data": {"x": drawn["x"], "y": drawn["y"]}}
    losses = {client.post("/train", json=body).json()["loss"] for body in (by_name, by_value)}
    assert len(losses) == 1
