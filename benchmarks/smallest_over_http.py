"""Smallest networks with their proofs over a socket: python -m benchmarks.smallest_over_http.

Every answer is checked: proved within the tolerance, and of the least size. Times are from the
question on its way to the whole answer read, of the clock; a machine with other work says little
by them, and more by the server's processor time.
"""

import json
import tempfile
from dataclasses import dataclass
from statistics import median

import numpy as np
import psutil

from benchmarks.servers import chainrule
from benchmarks.table import row, seconds
from benchmarks.wire_client import call

ROUNDS = 5
TOLERANCE = 1e-6
FORMULAS = (
    ("exp(x)", 0.0, 5.0),
    ("sin(x)", 0.0, 10.0),
    ("tanh(20*x)", -1.0, 1.0),
    ("sqrt(x)", 0.0, 1.0),
)
SAMPLES = 10**6


@dataclass(frozen=True)
class Service:
    """Where it listens, and its process."""

    address: str
    process: psutil.Process

    def processor_seconds(self) -> float:
        """What the process has used so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system)


def timed(service: Service, name: str, question: object, bar: str) -> dict[str, object]:
    """Send the request `times` times and print a row; return the last answer."""
    body = json.dumps(question).encode()
    answers: list[bytes] = []

    def ask() -> None:
        answers[:] = [call(service.address, "POST", "/approximate", body)]

    before = service.processor_seconds()
    times = [seconds(ask) for _ in range(ROUNDS)]
    used = (service.processor_seconds() - before) / ROUNDS
    answer: dict[str, object] = json.loads(answers[0])
    points = str(len(list(answer["grid"])))  # type: ignore[call-overload]
    row(name, points, f"{median(times):.2f} s", f"{max(times):.2f} s", f"{used:.2f} s", bar)
    return answer


def formulas(service: Service) -> None:
    """Within 1e-6, with certificate and proof of size."""
    for text, a, b in FORMULAS:
        question = {"function": text, "interval": [a, b], "tolerance": TOLERANCE}
        name = f"{text} on [{a:g}, {b:g}] within {TOLERANCE:g}"
        answer = timed(service, name, question, "< 2 s")
        bound, proof = answer["error_bound"], answer["minimality"]
        if not (isinstance(bound, float) and bound <= TOLERANCE and proof):
            raise RuntimeError(f"{text} was not proved")


def table(service: Service) -> None:
    """A million samples of a noisy sine."""
    x = np.linspace(0.0, 10.0, SAMPLES)
    noise = 0.01 * np.random.default_rng(0).uniform(-1.0, 1.0, SAMPLES)
    samples = {"x": x.tolist(), "y": np.round(np.sin(x) + noise, 6).tolist()}
    timed(service, "10⁶ samples within 0.02", {"samples": samples, "tolerance": 0.02}, "seconds")


def main() -> None:
    """Print the table."""
    row("smallest network", "points", "median", "worst", "processor time", "target")
    row("---", "---:", "---:", "---:", "---:", "---")
    with tempfile.TemporaryDirectory() as folder, chainrule(folder) as (address, process):
        service = Service(address, psutil.Process(process.pid))
        formulas(service)
        table(service)


if __name__ == "__main__":
    main()
