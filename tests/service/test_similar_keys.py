"""A key that is not known is refused, with the known key it may have been meant for."""

import pytest
from problem import refusal

LAYER = {"weights": [[1, 2]], "biases": [0], "activation": "relu"}
NETWORK = {"layers": [LAYER]}


@pytest.mark.parametrize(
    ("path", "body", "pointer", "meant"),
    [
        (
            "/train",
            {"architecture": {"sizes": [2, 1], "init": "he"}, "data": {"dataset": "xor"}},
            "/architecture/init",
            "initialization",
        ),
        ("/forward", {"network": NETWORK, "x": [1, 2], "precison": 1}, "/precison", "precision"),
        (
            "/check",
            {
                "network": NETWORK | {"layers": [LAYER | {"bias": [0]}]},
                "x": [1, 2],
                "answers": {},
            },
            "/network/layers/0/bias",
            "biases",
        ),
        (
            "/check",
            {"network": NETWORK, "x": [1, 2], "answers": {"layers": [{"deltas": [1]}]}},
            "/answers/layers/0/deltas",
            "delta",
        ),
    ],
)
def test_a_key_that_is_nearly_right_is_suggested(client, path, body, pointer, meant):
    sentence = f'there is no such key here; did you mean "{meant}"?'
    refusal(client.post(path, json=body), 422, pointer, sentence)


@pytest.mark.parametrize("key", ["qqq", "a/b~c", "k" * 10**5])
def test_a_key_like_none_is_refused_without_advice(client, key):
    response = client.post("/forward", json={"network": NETWORK, "x": [1, 2], key: 1})
    assert response.status_code == 422
    assert response.json()["errors"][0]["detail"] == "there is no such key here"
