"""`make soak SECONDS=3600`: mixed load, and then nothing of the service may have grown.

Memory, file descriptors, threads and the size of the database are read all the while. Their growth
is judged by the slope of Theil and Sen over the second half, which a few peaks do not bend.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from random import Random

import httpx
import psutil

from tests.acceptance.server import Server, started
from tests.patience import patience
from tests.service.questions import RIGHT

SETTINGS = {
    "CHAINRULE_MAX_FINISHED_JOBS": "20",
    "CHAINRULE_WORKERS": "1",
    "CHAINRULE_MAX_BODY_BYTES": str(2**22),
}
CLIENTS = 4
WARM = 300
"""Requests after which each kind was answered often: what is loaded once is there."""
MEASUREMENTS = 120
REQUESTS_BETWEEN = 2
"""From one measurement to the next, at least: on a busy machine ten seconds pass with few requests,
and would be judged while memory still fills, which it does up to about the 1,300th request."""
MAY_GROW = {"memory": 12 * 2**20, "descriptors": 3, "threads": 2, "database": 2 * 2**20}
"""Over the half that is judged, by the slope; an allocator's breath and no more."""


@dataclass
class Course:
    """What was read, look by look, and how requests were answered."""

    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MAY_GROW})
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)

    def growth(self) -> dict[str, float]:
        """What each would have grown by over the second half, if it went on steadily."""
        return {name: _growth(read[len(read) // 2 :]) for name, read in self.values.items()}

    def grown(self) -> dict[str, float]:
        """What grew by more than it may."""
        return {name: by for name, by in self.growth().items() if by > MAY_GROW[name]}


def _growth(values: list[float]) -> float:
    if len(values) < 2:
        return 0.0
    slopes = [(b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2)]
    return statistics.median(slopes) * (len(values) - 1)


def soak(server: Server, folder: Path, seconds: float) -> Course:
    """Load the service for so long, and look at it."""
    course, over = Course(), threading.Event()
    clients = [
        threading.Thread(target=_client, args=(server.address, Random(number), course, over))  # noqa: S311
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    process = psutil.Process(server.process.pid)
    try:
        for number in range(MEASUREMENTS):
            wanted = WARM + number * REQUESTS_BETWEEN
            while course.statuses.total() < wanted and all(one.is_alive() for one in clients):
                time.sleep(0.05)
            time.sleep(seconds / MEASUREMENTS)
            if course.unanswered:
                break  # the run has failed, and the load is no longer the same
            _measure(process, folder, course)
    finally:
        over.set()
        for client in clients:
            client.join()
    return course


def _measure(process: psutil.Process, folder: Path, course: Course) -> None:
    family = [process, *process.children()]
    files = (path.stat().st_size for path in folder.rglob("chainrule.db*") if path.is_file())
    now = {
        "memory": sum(one.memory_info().rss for one in family),
        "descriptors": process.num_fds(),
        "threads": process.num_threads(),
        "database": sum(files),
    }
    for name, value in now.items():
        course.values[name].append(value)


def _client(address: str, random: Random, course: Course, over: threading.Event) -> None:
    while not over.is_set():
        # A new connection now and then: those are what leaks first.
        with httpx.Client(base_url=address, timeout=patience(30.0)) as client:
            for _ in range(random.randrange(1, 40)):
                try:
                    course.statuses[_ask(client, random).status_code] += 1
                except httpx.TransportError as error:
                    course.unanswered[repr(error)] += 1
                    return


def _ask(client: httpx.Client, random: Random) -> httpx.Response:
    path, question = random.choice(list(RIGHT.items()))
    match random.randrange(10):
        case 0:
            return client.get(random.choice(["/train", "/datasets", "/metrics", "/docs"]))
        case 1:
            return client.post(path, json=question | {"unknown": 1})
        case 2:
            return client.post("/forward", json=RIGHT["/forward"] | {"x": [[1.0, 2.0]] * 5_000})
        case 3:
            return client.post("/approximate", json=RIGHT["/approximate"] | {"n": 500})
        case 4:
            return _life_of_a_job(client, random)
        case _ if path == "/train":
            return client.get("/health/ready")
        case _:
            return client.post(path, json=question)


def _life_of_a_job(client: httpx.Client, random: Random) -> httpx.Response:
    accepted = client.post("/train", json=RIGHT["/train"], headers={"Prefer": "wait=5"})
    if accepted.status_code != 202:
        return accepted
    job = accepted.headers["location"]
    part = random.choice(["/history", "/network", "/plot?show=loss", "/events", ""])
    method = "DELETE" if part == "" and random.random() < 0.5 else "GET"
    return client.request(method, job + part)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with started(folder, **SETTINGS) as server:
            server.wait_until_ready()
            course = soak(server, folder, seconds)
    growth = ", ".join(f"{name} {by:+,.0f}" for name, by in course.growth().items())
    sys.stdout.write(f"{course.statuses.total():,} requests {dict(course.statuses)}\n{growth}\n")
    unexpected = [status for status in course.statuses if status >= 500 and status != 503]
    for error, count in course.unanswered.items():
        sys.stdout.write(f"{count} unanswered: {error}\n")
    return 1 if course.grown() or unexpected or course.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
