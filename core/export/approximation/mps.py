"""A linear model in free MPS, which nearly every solver reads."""

from collections import defaultdict

from core.export.approximation.linear_model import INFINITY, LinearModel

LETTERS = {"<=": "L", ">=": "G", "=": "E"}


def write_mps(model: LinearModel) -> bytes:
    """The model with all digits of its numbers."""
    lines = [
        f"* y = NN(x): {model.comment}.",
        "* The objective is an example; put your own in its place.",
        "NAME relu_network",
        "ROWS",
        " N objective",
        *(f" {LETTERS[row.sense]} {row.name}" for row in model.rows),
        "COLUMNS",
        *_columns(model),
        "RHS",
        *(f" right {row.name} {row.right!r}" for row in model.rows),
        "BOUNDS",
        *(line for name, bounds in model.bounds.items() for line in _bounds(name, *bounds)),
    ]
    if model.special_ordered_set:
        members = model.special_ordered_set
        lines += ["SOS", " S2 corners", *(f" {name} {n}" for n, name in enumerate(members, 1))]
    return "\n".join([*lines, "ENDATA", ""]).encode()


def _columns(model: LinearModel) -> list[str]:
    entries: dict[str, list[tuple[str, float]]] = defaultdict(list)
    entries["y"].append(("objective", 1.0))
    for row in model.rows:
        for value, name in row.terms:
            entries[name].append((row.name, value))
    binary = set(model.binaries)
    continuous = [name for name in model.bounds if name not in binary]
    lines = [line for name in continuous for line in _entries(name, entries[name])]
    if model.binaries:
        lines.append(" marker_1 'MARKER' 'INTORG'")
        lines += [line for name in model.binaries for line in _entries(name, entries[name])]
        lines.append(" marker_2 'MARKER' 'INTEND'")
    return lines


def _entries(name: str, entries: list[tuple[str, float]]) -> list[str]:
    return [f" {name} {row} {value!r}" for row, value in entries]


def _bounds(name: str, low: float, high: float) -> list[str]:
    if low == -INFINITY and high == INFINITY:
        return [f" FR bound {name}"]
    lines = [f" LO bound {name} {low!r}"]
    return lines if high == INFINITY else [*lines, f" UP bound {name} {high!r}"]
