"""GET /train/{id}/steps/{k} in small forms: one sample of the batch, or none."""

import pytest
from problem import refusal

MOONS = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 40, "seed": 3},
    "batch_size": 8,
    "iterations": 12,
    "optimizer": "adam",
}


@pytest.fixture(scope="module")
def path(client):
    path = client.post("/train", json=MOONS).headers["location"]
    assert client.ended(path)["state"] == "succeeded"
    return f"{path}/steps/7"


def test_one_row_has_the_numbers_that_all_rows_have(client, path):
    whole = client.get(path).json()
    assert len(whole["rows"]) == 8
    for place, row in enumerate(whole["rows"]):
        chosen = client.get(f"{path}?row={row}").json()
        assert (chosen["rows"], chosen["x"]) == ([row], [whole["x"][place]])
        assert chosen["output"] == [whole["output"][place]]
        assert chosen["updates"] == whole["updates"]
        for layer, full in zip(chosen["layers"], whole["layers"], strict=True):
            assert layer["delta"] == [full["delta"][place]]
            assert layer["weights_gradient"] == full["weights_gradient"]


def test_without_rows_the_answer_has_gradients_and_updates_alone(client, path):
    whole, small = client.get(path), client.get(f"{path}?rows=none")
    assert len(small.content) < 0.5 * len(whole.content)
    for name in ("rows", "x", "y", "output"):
        assert small.json()[name] is None
    for name in ("loss", "network", "updates"):
        assert small.json()[name] == whole.json()[name]
    assert small.headers["etag"] != whole.headers["etag"]


def test_a_row_outside_the_batch_is_refused(client, path):
    rows = client.get(path).json()["rows"]
    absent = next(row for row in range(40) if row not in rows)
    refusal(client.get(f"{path}?row={absent}"), 422, "/query/row", f"sample {absent}", "8 samples")
    refusal(client.get(f"{path}?row=-1"), 422, "/query/row")
    refusal(client.get(f"{path}?rows=few"), 422, "/query/rows")
