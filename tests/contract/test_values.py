"""Values do not change, and those with arrays are never compared number by number."""

import importlib
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

import core
import service

CHANGING = {"TermSolver", "Caller", "_Piece", "_Reading", "_WatchedJob"}
"""Dataclasses that keep what changes while they work."""


def dataclasses_of(package):
    found = set()
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations." not in info.name:
            members = vars(importlib.import_module(info.name)).values()
            found |= {one for one in members if isinstance(one, type) and is_dataclass(one)}
    return {one for one in found if one.__module__.startswith(package.__name__)}


@pytest.mark.parametrize("package", [core, service], ids=["core", "service"])
def test_only_few_values_change(package):
    found = dataclasses_of(package)
    assert len(found) > 100
    changing = {one.__name__ for one in found if not one.__dataclass_params__.frozen}
    assert changing == CHANGING & {one.__name__ for one in found}


def test_values_with_arrays_are_equal_only_to_themselves():
    # `==` of two arrays is an array, which has no truth value.
    holding = {
        one
        for one in dataclasses_of(core)
        for field in fields(one)
        if "jaxtyping" in repr(field.type) and "Callable" not in repr(field.type)
    }
    assert len(holding) > 20
    assert {one.__name__ for one in holding if one.__dataclass_params__.eq} == set()
