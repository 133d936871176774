"""Functions for workers to run, found by import like those of the product."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np


def double(payload: bytes) -> bytes:
    return payload + payload


def echo(payload: bytes) -> bytes:
    return payload


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def nap_known(seconds: float, register: str) -> float:
    """Say in a file who naps here, then do."""
    with open(register, "a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(seconds)
    return seconds


def wait_known(register: str, signal_file: str) -> int:
    """Say in a file who waits here, until there is the other file."""
    nap_known(0.0, register)
    while not Path(signal_file).exists():
        time.sleep(0.02)
    return os.getpid()


def spin_for_ever() -> None:
    while True:
        pass


def divide(dividend: int, divisor: int) -> float:
    return dividend / divisor


def process_id() -> int:
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def environment() -> dict[str, str]:
    return dict(os.environ)


def loaded_modules() -> list[str]:
    return list(sys.modules)


def refuse_politely(detail: str) -> None:
    from core.errors import ShapeMismatch

    raise ShapeMismatch(detail, ("network", "layers", 1))


def spin_known(register: str) -> None:
    """Say in a file who spins here, then do."""
    nap_known(0.0, register)
    spin_for_ever()


def total(data: Path | np.ndarray) -> float:
    rows = np.load(data) if isinstance(data, Path) else data
    return float(rows.sum())


class Unportable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raise_unportable() -> None:
    raise Unportable(1, 2)


def give_unportable():
    return lambda: None


def nap_beside(data: Path | np.ndarray, seconds: float) -> int:
    """Who napped, and had the rows to do so."""
    total(data)
    nap(seconds)
    return os.getpid()


def timed_nap(seconds: float) -> tuple[float, float]:
    """When the nap began and ended, by the clock that all processes of the machine share."""
    begin = time.monotonic()
    time.sleep(seconds)
    return begin, time.monotonic()
