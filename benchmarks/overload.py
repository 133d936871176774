"""Ten times the load that the service can answer: rejections, health probes and responses.

`.venv/bin/python -m benchmarks.overload`. The load comes at its times, answered or not, from a
process of its own; the probes come from this one.
"""

import asyncio
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from benchmarks.servers import chainrule
from benchmarks.table import row
from benchmarks.wire_client import call, requests_per_second

SECONDS = 6.0
TIMES = 10
QUESTION = json.dumps(
    {
        "function": "sin(x) * exp(-x / 10)",
        "interval": [0, 100],
        "n": [20_000, 40_000],
        "grids": ["equidistant"],
    }
).encode()
PATH = "/approximate/compare"
Answer = tuple[int, float]
"""Status, and seconds from the opening of the connection to its end."""


async def _ask(host: str, port: int) -> Answer:
    begin = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(QUESTION)}\r\n\r\n".encode()
        + QUESTION
    )
    answer = await reader.read(-1)
    writer.close()
    return int(answer.split(None, 2)[1]), time.perf_counter() - begin


def load(address: str, per_second: float, seconds: float) -> list[Answer]:
    """Ask so often for so long."""
    host, port = address.removeprefix("http://").split(":")

    async def arrive() -> list[Answer]:
        begin, asked = time.perf_counter(), []
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(begin + number / per_second - time.perf_counter())
            asked.append(asyncio.create_task(_ask(host, int(port))))
        return list(await asyncio.gather(*asked))

    return asyncio.run(arrive())


def main() -> None:
    """Measure what can be served, then ask for ten times as much."""
    with (
        tempfile.TemporaryDirectory() as folder,
        chainrule(folder) as (address, _),
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        served = requests_per_second(address, "POST", PATH, QUESTION, seconds=4.0)
        answers = pool.submit(load, address, TIMES * served, SECONDS)
        probes = []
        while not answers.done():
            begin = time.perf_counter()
            call(address, "GET", "/health/live")
            probes.append(time.perf_counter() - begin)
            time.sleep(0.005)
        _tell(served, answers.result(), probes)


def _tell(served: float, answers: list[Answer], probes: list[float]) -> None:
    print("|  | measured | target |\n| --- | ---: | --- |")
    refused = [1e3 * seconds for status, seconds in answers if status == 503]
    done = [seconds for status, seconds in answers if status == 200]
    row("answered at full load", f"{served:.0f} /s", "")
    row(
        f"{TIMES} times the load for {SECONDS:g} s: answered",
        f"{len(done)}",
        f"{served * SECONDS:.0f}",
    )
    row("rejected with 503", f"{len(refused)}", "")
    row("any other result", f"{len(answers) - len(done) - len(refused)}", "0")
    for name, waits, bar in (
        ("a rejection", refused, "< 10 ms"),
        ("`/health/live`", [1e3 * wait for wait in probes], "p99 < 50 ms"),
    ):
        p50, p99 = np.percentile(waits, [50, 99])
        row(f"time of {name}", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", bar)


if __name__ == "__main__":
    main()
