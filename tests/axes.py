"""Calls that tests make are held to the axes that signatures name: the first of each function.

Checking every call took a tenth of all processor time of the tests: a training calls the same
closures thousands of times, and makes them again for every network. What a signature says wrongly
of its axes shows in the first calls of each test file.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from inspect import isfunction
from types import CodeType
from typing import Any

import jaxtyping

CALLS = 200
"""Of each function and test file that are checked."""
CLOSURES = 20
"""Of each inner function and test file that are checked."""

_jaxtyped = jaxtyping.jaxtyped


@dataclass
class _Seen:
    calls: int = 0
    closures: int = 0


_seen: defaultdict[CodeType, _Seen] = defaultdict(_Seen)


def check_axes(modules: Iterable[str]) -> None:
    """Check what is called in modules that are imported from now on."""
    jaxtyping.jaxtyped = _first_calls
    jaxtyping.install_import_hook(list(modules), "beartype.beartype")


def begin_file() -> None:
    """Check the first calls again."""
    for seen in _seen.values():
        seen.calls = seen.closures = 0


def _first_calls(function: Any = None, *, typechecker: Callable[..., Any]) -> Any:
    """In place of `jaxtyping.jaxtyped`, which the import hook writes above every function."""
    if function is None:
        return partial(_first_calls, typechecker=typechecker)
    if not isfunction(function):
        return _jaxtyped(function, typechecker=typechecker)
    seen = _seen[function.__code__]
    if seen.closures >= CLOSURES:
        return function
    seen.closures += 1
    checked = _jaxtyped(function, typechecker=typechecker)

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        if seen.calls >= CALLS:
            return function(*arguments, **named)
        seen.calls += 1
        return checked(*arguments, **named)

    return call
