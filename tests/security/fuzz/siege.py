"""Attack a service that runs, and judge every answer."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from threading import Lock

from tests.acceptance.server import Server
from tests.security.fuzz.attacks import ATTACKS
from tests.security.wire import Answer, Line, parsed

SETTINGS = {
    "CHAINRULE_HEADER_TIMEOUT_SECONDS": "0.5",
    "CHAINRULE_BODY_TIMEOUT_SECONDS": "0.5",
    "CHAINRULE_MAX_BODY_BYTES": str(2**20),
    "CHAINRULE_MAX_OPERATIONS": "1e8",
    "CHAINRULE_MAX_JOB_SECONDS": "1",
    "CHAINRULE_MAX_QUEUED_JOBS": "50",
    "CHAINRULE_MAX_FINISHED_JOBS": "200",
    "CHAINRULE_WORKERS": "1",
}
"""Short deadlines, so that the siege ends soon."""
AT_ONCE = 100
"""Most of them wait for a deadline."""


@dataclass
class Verdict:
    """What came back, and what should not have."""

    answers: Counter[int] = field(default_factory=Counter)
    conversations: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, seed: str, received: bytes) -> None:
        """Judge one conversation; the seed makes it again."""
        try:
            answers = parsed(received, ("GET",))
        except Exception as error:
            wrong, answers = [f"{seed}: {error!r} in {received[:300]!r}"], []
        else:
            wrong = [
                f"{seed}: {answer.status} {answer.body[:300]!r}"
                for answer in answers
                if not acceptable(answer)
            ]
        with self._lock:
            self.conversations += 1
            self.answers.update(answer.status for answer in answers)
            self.wrong += wrong


def acceptable(answer: Answer) -> bool:
    """The right result, or a problem document that says so; 503 with a time to come back."""
    if answer.status < 400:
        return True
    try:
        document = json.loads(answer.body)
    except ValueError:
        return False
    return (
        (answer.status < 500 or (answer.status == 503 and "retry-after" in answer.headers))
        and answer.headers["content-type"] == "application/problem+json"
        and document["status"] == answer.status
        and bool(document["detail"])
    )


def conversation(port: int, seed: str) -> bytes:
    """One attack; what came back until the service ended it."""
    random = Random(seed)  # noqa: S311
    attack = random.choice(ATTACKS)
    with Line(port) as line:
        line.send(*attack(random), pause=0.002)
        return line.ended()


def besiege(server: Server, seed: int, *, requests: int = 0, seconds: float = 0.0) -> Verdict:
    """Until the number of answers or the time is reached."""
    port = int(server.address.rpartition(":")[2])
    verdict = Verdict()
    end = time.monotonic() + seconds
    numbers = count()

    def attack(_: int) -> None:
        while verdict.answers.total() < requests or time.monotonic() < end:
            if verdict.wrong:
                break
            one = f"{seed}/{next(numbers)}"
            verdict.add(one, conversation(port, one))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(attack, range(AT_ONCE)))  # what one of them raises is raised here
    return verdict


def complaints(log: Path) -> list[str]:
    """The unexpected errors in the service's log, each with the lines after it."""
    words = ("Traceback", '"unexpected"', "Exception in", "never retrieved")
    lines = [line for line in log.read_text().splitlines() if '"event":"request"' not in line]
    found = [index for index, line in enumerate(lines) if any(word in line for word in words)]
    return ["\n".join(lines[index : index + 40]) for index in found[:3]]
