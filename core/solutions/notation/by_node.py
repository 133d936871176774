"""Functions of formulas with one case for each kind of node."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, get_type_hints

from core.solutions.notation import tree

Result = TypeVar("Result")


class ByNode(Generic[Result]):
    """A function that has a case for each kind of node.

    Kinds have no subclasses, so that the case is an entry of a table: functools.singledispatch took
    a sixth of the time of a class set.
    """

    def __init__(self) -> None:
        """Without any case."""
        self._cases: dict[type, Callable[[Any], Result]] = {}

    def register(self, case: Callable[[Any], Result]) -> Callable[[Any], Result]:
        """Add the case of the kind that the parameter is annotated with."""
        self._cases[get_type_hints(case)["math"]] = case
        return case

    def __call__(self, math: tree.Math) -> Result:
        """The result of the case for this node; raises `KeyError` where there is none."""
        return self._cases[type(math)](math)
