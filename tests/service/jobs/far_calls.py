"""Functions for workers to run, found by import like those of the product."""

import os
import signal
import sys
import time


def double(payload: bytes) -> bytes:
    return payload + payload


def echo(payload: bytes) -> bytes:
    return payload


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


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


class Unportable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raise_unportable() -> None:
    raise Unportable(1, 2)


def give_unportable():
    return lambda: None
