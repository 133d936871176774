"""Running an exported network in the software that it is for."""

import io
import json
import subprocess
import sys

import numpy as np

C_MAIN = """
#include <stdio.h>
#include "network.h"
int main(void) {
    double x[NETWORK_INPUTS], y[NETWORK_OUTPUTS];
    for (;;) {
        for (int i = 0; i < NETWORK_INPUTS; i++)
            if (scanf("%la", &x[i]) != 1) return 0;
        network_predict(x, y);
        for (int i = 0; i < NETWORK_OUTPUTS; i++) printf("%a ", y[i]);
        printf("\\n");
    }
}
"""
GCC = ["gcc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic"]


def run(*command, text="", folder=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_c(content, x, folder):
    (folder / "network.h").write_bytes(content)
    (folder / "main.c").write_text(C_MAIN)
    run(*GCC, "main.c", "-o", "main", "-lm", folder=folder)
    text = "\n".join(" ".join(number.hex() for number in row) for row in x.tolist())
    printed = run("./main", text=text, folder=folder)
    return np.array(
        [[float.fromhex(word) for word in line.split()] for line in printed.splitlines()]
    )


def in_javascript(content, x, folder):
    (folder / "network.mjs").write_bytes(content)
    script = (
        "import { predict } from './network.mjs';"
        f"console.log(JSON.stringify({json.dumps(x.tolist())}.map(predict)));"
    )
    return np.array(json.loads(run("node", "--input-type=module", "-e", script, folder=folder)))


def in_numpy(content, x, folder):
    return _namespace(content)["predict"](x)


def in_python_alone(content, x, folder):
    """In an interpreter that sees no installed package."""
    (folder / "network.py").write_bytes(content)
    script = (
        "import json, sys; sys.path.insert(0, '.'); from network import predict;"
        f"print(json.dumps([predict(row) for row in {x.tolist()!r}]))"
    )
    return np.array(json.loads(run(sys.executable, "-I", "-S", "-c", script, folder=folder)))


def in_pytorch(content, x, folder):
    import torch

    network = _namespace(content)["build"]()
    with torch.no_grad():
        return network(torch.tensor(x)).numpy()


def in_onnxruntime(content, x, folder):
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(["output"], {"x": x})[0]


def from_npz(content, x, folder):
    """By NumPy's own reader and three lines of arithmetic."""
    arrays = np.load(io.BytesIO(content), allow_pickle=False)
    return _products(
        [
            (arrays[f"weights_{number}"], arrays[f"biases_{number}"], name)
            for number, name in enumerate(arrays["activations"], start=1)
        ],
        x,
    )


def from_safetensors(content, x, folder):
    from safetensors import safe_open

    (folder / "network.safetensors").write_bytes(content)
    with safe_open(folder / "network.safetensors", "numpy") as file:
        names = file.metadata()["activations"].split(",")
        layers = [
            (file.get_tensor(f"{2 * k}.weight"), file.get_tensor(f"{2 * k}.bias"), name)
            for k, name in enumerate(names)
        ]
    return _products(layers, x)


def _products(layers, x):
    from core.nn.activations import ACTIVATIONS

    for weights, biases, name in layers:
        x = ACTIVATIONS[name].value(x @ weights.T + biases)
    return x


def _namespace(content):
    namespace: dict = {}
    exec(compile(content, "network.py", "exec"), namespace)  # noqa: S102 - our own export
    return namespace


RUNNERS = {
    "npz": from_npz,
    "safetensors": from_safetensors,
    "onnx": in_onnxruntime,
    "c99": in_c,
    "python": in_numpy,
    "python_stdlib": in_python_alone,
    "javascript": in_javascript,
    "pytorch": in_pytorch,
}
"""By the names of `NETWORK_FORMATS`."""
NEEDS = {
    "safetensors": "safetensors",
    "onnx": "onnxruntime",
    "pytorch": "torch",
}
"""The package of each runner that may be missing."""
