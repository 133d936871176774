"""Small `/forward` requests per second of `--processes 2` beside one process, by `wrk`.

`python -m benchmarks.processes`: both services run with one worker; one is measured while the other
is idle, in turns, so that other work on the machine slows both. Each figure is the median of the
rounds. `--client-cpu 1` pins `wrk` to a processor.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil

from benchmarks.interleave import interleaved, ratio
from benchmarks.servers import Started, chainrule
from benchmarks.table import row

TARGET = 1.6
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = %s
function done(summary, latency, requests)
    local errors = summary.errors
    print("rate " .. summary.requests / summary.duration * 1e6)
    print("errors " .. errors.connect + errors.read + errors.write + errors.status + errors.timeout)
end
"""


def small_question() -> str:
    """A 2-16-1 network, one sample, and only the output."""
    generator = np.random.default_rng(0)
    layers = [
        {
            "weights": generator.normal(size=(d_out, d_in)).tolist(),
            "biases": generator.normal(size=d_out).tolist(),
            "activation": "sigmoid",
        }
        for d_in, d_out in ((2, 16), (16, 1))
    ]
    return json.dumps({"network": {"layers": layers}, "x": [0.3, 0.4], "intermediates": False})


def requests_per_second(wrk: list[str], address: str) -> float:
    """Run `wrk` once; raise `RuntimeError` if a request fails."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*wrk, f"{address}/forward"], capture_output=True, text=True, check=True
    )
    found = dict(re.findall(r"^(rate|errors) ([\d.e+]+)$", done.stdout, re.MULTILINE))
    if float(found["errors"]):
        raise RuntimeError(done.stdout)
    return float(found["rate"])


def memory(started: Started) -> str:
    """The memory of the service and its workers; pages that are shared count once (PSS)."""
    parent = psutil.Process(started[1].pid)
    family = [parent, *parent.children(recursive=True)]
    return f"{sum(process.memory_full_info().pss for process in family) / 2**20:.0f} MiB"


def main() -> int:
    """Print the table and return whether the target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--client-cpu", help="processors of wrk, as taskset takes them")
    given = parser.parse_args()
    program = shutil.which("wrk")
    if program is None:
        parser.error("wrk is not installed (Debian's package wrk)")
    print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "forward.lua"
        script.write_text(SCRIPT % json.dumps(small_question()))
        wrk = [program, "-t1", "-c32", f"-d{given.seconds}s", "-s", str(script)]
        if given.client_cpu is not None:
            wrk = ["taskset", "-c", given.client_cpu, *wrk]
        (folder / "1").mkdir()
        (folder / "2").mkdir()
        with (
            chainrule(f"{folder}/1", CHAINRULE_WORKERS="1") as one,
            chainrule(f"{folder}/2", CHAINRULE_WORKERS="1", CHAINRULE_PROCESSES="2") as two,
        ):
            services = {"1": one, "2": two}
            measured = interleaved(
                {
                    number: lambda address=started[0]: requests_per_second(wrk, address)
                    for number, started in services.items()
                },
                given.rounds,
            )
            row("processes", "requests per second", "each round", "memory with one worker")
            row("---:", "---:", "---", "---:")
            for number, started in services.items():
                rounds = ", ".join(f"{rate:,.0f}" for rate in measured[number])
                middle = sorted(measured[number])[given.rounds // 2]
                row(number, f"{middle:,.0f}", rounds, memory(started))
    found = ratio(measured["2"], measured["1"])
    print(f"ratio {found:.2f}, target ≥ {TARGET}; load after: {os.getloadavg()[0]:.2f}")
    return 0 if found >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
