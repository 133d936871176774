"""What an operator sees: start-up, memory, and whether the service answers while it computes."""

import json
import tempfile
import threading
import time
from statistics import median

import numpy as np
import orjson
import psutil

from benchmarks.servers import chainrule
from benchmarks.table import row, seconds
from benchmarks.wire_client import call

BUSY_SECONDS = 6.0
STARTS = 5


def start_up() -> None:
    """Start, ask until it is ready, and look at the memory of all processes a second later."""
    times, processor, memory = [], [], []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            with chainrule(folder) as (address, process):
                call(address, "GET", "/health/ready")
                times.append(time.perf_counter() - begin)
                main = psutil.Process(process.pid)
                used = main.cpu_times()
                processor.append(used.user + used.system)
                time.sleep(1.0)
                everyone = [main, *main.children(recursive=True)]
                memory.append(sum(one.memory_full_info().pss for one in everyone) / 2**20)
    row(
        "start-up to ready",
        f"{median(times):.2f} s",
        "",
        f"{median(processor):.2f} s of processor time",
        "< 2 s",
    )
    row(f"idle memory of all {len(everyone)} processes", f"{median(memory):.0f} MiB", "", "", "")


def first_training() -> None:
    """From the start of the service to the end of a small training that was posted at once."""
    question = {
        "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 0},
        "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
        "iterations": 1000,
    }
    times, processor, arithmetics, held = [], [], set(), {"Prefer": "wait=5"}
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            with chainrule(folder) as (address, process):
                job = json.loads(call(address, "POST", "/train", json.dumps(question).encode()))
                while job["state"] in ("queued", "running"):
                    job = json.loads(call(address, "GET", f"/train/{job['id']}", headers=held))
                times.append(time.perf_counter() - begin)
                everyone = [main := psutil.Process(process.pid), *main.children(recursive=True)]
                used = [one.cpu_times() for one in everyone]
                processor.append(sum(one.user + one.system for one in used))
                arithmetics.add(job["training"]["arithmetic"])
    row(
        f"start-up to the end of a first training ({', '.join(sorted(arithmetics))})",
        f"{median(times):.2f} s",
        "",
        f"{median(processor):.2f} s of processor time, workers included",
        "",
    )


def ten_million_losses() -> None:
    """A training of 2-3-2 on one sample, whose losses all go into the history of its job."""
    question = {
        "architecture": {"sizes": [2, 3, 2], "activations": ["sigmoid", "sigmoid"], "seed": 0},
        "data": {"x": [[0.5, 1]], "y": [[0.1, 0.9]]},
        "eta": 0.01,
        "iterations": 10**7,
    }
    with tempfile.TemporaryDirectory() as folder, chainrule(folder) as (address, process):
        call(address, "GET", "/health/ready")
        main = psutil.Process(process.pid)
        before, before_memory = sum(main.cpu_times()[:2]), main.memory_info().rss
        job = json.loads(call(address, "POST", "/train", json.dumps(question).encode()))
        memory, held = before_memory, {"Prefer": "wait=1"}
        while job["state"] in ("queued", "running"):
            job = json.loads(call(address, "GET", f"/train/{job['id']}", headers=held))
            memory = max(memory, main.memory_info().rss)
        worker = max(sum(child.cpu_times()[:2]) for child in main.children(recursive=True))
        service = sum(main.cpu_times()[:2]) - before
        row(
            f"10⁷ losses ({job['training']['arithmetic']})",
            f"{10 / worker:.1f} million a second of a worker",
            "",
            f"{service:.2f} s of the service, {(memory - before_memory) / 2**20:.0f} MiB more",
            "",
        )


def long_forward(ours: str) -> None:
    """Forward passes of wide layers."""
    generator = np.random.default_rng(0)
    layers = [
        {
            "weights": generator.normal(size=(d_out, d_in)) / np.sqrt(d_in),
            "biases": np.zeros(d_out),
            "activation": "tanh",
        }
        for d_in, d_out in ((2, 1500), (1500, 1500), (1500, 1))
    ]
    x = generator.normal(size=(3000, 2))
    question = {"network": {"layers": layers}, "x": x, "intermediates": False}
    body = orjson.dumps(question, option=orjson.OPT_SERIALIZE_NUMPY)
    _alive_meanwhile(ours, "long `/forward` calls", "/forward", body)


def long_approximate(ours: str) -> None:
    """The largest approximation of a formula that is allowed."""
    question = {"function": "sin(x) * exp(-x / 10) + cos(3 * x)", "interval": [0, 100], "n": 10**6}
    body = json.dumps(question).encode()
    _alive_meanwhile(ours, "`/approximate` with n = 10⁶", "/approximate", body)


def _alive_meanwhile(ours: str, name: str, path: str, body: bytes) -> None:
    """How long /health/live takes while one long computation after the other runs."""
    end = time.perf_counter() + BUSY_SECONDS
    took: list[float] = []

    def keep_busy() -> None:
        while time.perf_counter() < end:
            took.append(seconds(lambda: call(ours, "POST", path, body)))

    worker = threading.Thread(target=keep_busy)
    worker.start()
    waits = []
    while worker.is_alive():
        waits.append(seconds(lambda: call(ours, "GET", "/health/live")))
        time.sleep(0.005)
    p50, p99 = 1e3 * np.percentile(waits, [50, 99])
    row(
        f"`/health/live` during {name}",
        f"p99 {p99:.1f} ms",
        f"{len(took)} calls of {median(took):.1f} s",
        f"p50 {p50:.1f} ms, worst {1e3 * max(waits):.0f} ms",
        "p99 < 50 ms",
    )


if __name__ == "__main__":
    start_up()
    first_training()
    ten_million_losses()
