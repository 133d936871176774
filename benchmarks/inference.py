"""Requests per second of `/v2` beside an empty endpoint of plain FastAPI, which logs as we do.

`python -m benchmarks.inference`: a 2-16-1 network, 100 rows in and out as bytes, one connection.
The two take turns, so that a busy machine slows both; each figure is the median of the rounds. On a
machine with other work the processor time of the servers says more than the clock.
"""

import http.client
import json
import tempfile
import time
from dataclasses import dataclass
from statistics import median

import numpy as np
import psutil

from benchmarks.servers import Started, chainrule, plain_fastapi
from core.neural_network import NeuralNetwork

ROWS, ROUNDS, SECONDS = 100, 10, 0.5


@dataclass(frozen=True)
class Client:
    """A connection to a server, and the process of the server."""

    connection: http.client.HTTPConnection
    process: psutil.Process

    @staticmethod
    def of(started: Started) -> "Client":
        """Connect to a server that was started."""
        address, process = started
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        return Client(connection, psutil.Process(process.pid))

    def call(self, method: str, path: str, *body_and_headers: object) -> None:
        """Send a request and read the whole answer."""
        self.connection.request(method, path, *body_and_headers)  # type: ignore[arg-type]
        response = self.connection.getresponse()
        response.read()
        if response.status >= 300:
            raise ValueError(f"{path} answered {response.status}")

    def rates(self, *call: object) -> tuple[float, float]:
        """Requests per second of the clock, and of the server's processor time, over a round."""
        before, count, begin = self._processor_seconds(), 0, time.perf_counter()
        while (taken := time.perf_counter() - begin) < SECONDS:
            self.call(*call)  # type: ignore[arg-type]
            count += 1
        return count / taken, count / (self._processor_seconds() - before)

    def _processor_seconds(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system)


def main() -> None:
    """Print the rates and their ratio."""
    network = NeuralNetwork.from_sizes((2, 16, 1), ["tanh", "sigmoid"], np.random.default_rng(0))
    layers = [
        {
            "weights": layer.weights.tolist(),
            "biases": layer.biases.tolist(),
            "activation": layer.activation.name,
        }
        for layer in network.layers
    ]
    x = np.random.default_rng(1).normal(size=(ROWS, 2))
    tensor = {"name": "x", "datatype": "FP64", "shape": list(x.shape)}
    tensor["parameters"] = {"binary_data_size": x.nbytes}
    header = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    headers = {"Inference-Header-Content-Length": str(len(header))}
    with (
        tempfile.TemporaryDirectory() as folder,
        chainrule(folder) as service,
        plain_fastapi(access_log=True) as plain,
    ):
        beside, client = Client.of(plain), Client.of(service)
        model = json.dumps({"name": "net", "network": {"layers": layers}})
        client.call("POST", "/models", model, {"Content-Type": "application/json"})
        infer = ("POST", "/v2/models/net/infer", header + x.tobytes(), headers)
        rounds = [(beside.rates("GET", "/constant"), client.rates(*infer)) for _ in range(ROUNDS)]
    for unit, place in (("s", 0), ("s of processor time", 1)):
        empty = median(first[place] for first, _ in rounds)
        inferred = median(second[place] for _, second in rounds)
        print(f"requests/{unit}: empty {empty:.0f}, /v2 of {ROWS} rows {inferred:.0f}, "
              f"ratio {inferred / empty:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
