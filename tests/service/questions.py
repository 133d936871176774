"""A right question for every endpoint that takes a body, and one thing changed in it."""

import copy
import json

UNIT = {"layers": [{"weights": [[2.0, 1.0]], "biases": [-1.0], "activation": "sigmoid"}]}

RIGHT = {
    "/forward": {"network": UNIT, "x": [[1.0, 2.0], [3.0, 4.0]]},
    "/backprop": {"network": UNIT, "x": [[1.0, 2.0], [3.0, 4.0]], "y": [[0.0], [1.0]]},
    "/approximate": {"function": "sin(x)", "interval": [0.0, 3.0], "n": 4},
    "/approximate/compare": {"function": "sin(x)", "interval": [0.0, 3.0], "n": [4, 8]},
    "/train": {"network": UNIT, "data": {"x": [[1.0, 2.0]], "y": [[1.0]]}, "iterations": 2},
}
RIGHT["/solution"] = RIGHT["/backprop"] | {"eta": 0.5, "decimals": 2}
RIGHT["/check"] = RIGHT["/backprop"] | {
    "answers": {"layers": [{"s": [[3.0], [9.0]], "weights_gradient": [[0.1, None]]}], "loss": 0.5}
}
RIGHT["/exercises"] = {"seed": 1, "kind": "update", "sizes": [2, 1], "activations": ["sigmoid"]}
RIGHT["/train/estimate"] = RIGHT["/train"]


def changed(path: str, pointer: str, value: object) -> dict:
    """The right question with the value at a JSON pointer replaced, or a key added."""
    question = copy.deepcopy(RIGHT[path])
    *parents, last = pointer.split("/")[1:]
    node = question
    for part in parents:
        node = node[int(part) if isinstance(node, list) else part]
    node[int(last) if isinstance(node, list) else last] = value
    return question


def spelled(path: str, pointer: str, text: str) -> bytes:
    """The right question as JSON, with `text` as it stands at a pointer."""
    return json.dumps(changed(path, pointer, "@")).replace('"@"', text).encode()
