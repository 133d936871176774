"""A linear model in the LP format of CPLEX, which HiGHS, SCIP, Gurobi and others read."""

from core.export.approximation.linear_model import LinearModel, Row

MAX_LINE_TERMS = 8


def write_lp(model: LinearModel) -> bytes:
    """The model with all digits of its numbers."""
    lines = [
        f"\\ y = NN(x): {model.comment}.",
        "\\ The objective is an example; put your own in its place.",
        "Minimize",
        " objective: y",
        "Subject To",
        *(line for row in model.rows for line in _row(row)),
        "Bounds",
        *(_bound(name, low, high) for name, (low, high) in model.bounds.items()),
    ]
    if model.binaries:
        lines += ["Binaries", *(f" {name}" for name in model.binaries)]
    if model.special_ordered_set:
        weighted = (f"{name}:{n}" for n, name in enumerate(model.special_ordered_set, start=1))
        lines += ["SOS", " corners: S2:: " + " ".join(weighted)]
    return "\n".join([*lines, "End", ""]).encode()


def _row(row: Row) -> list[str]:
    terms = [f"{'-' if value < 0.0 else '+'} {abs(value)!r} {name}" for value, name in row.terms]
    pieces = [
        " ".join(terms[start : start + MAX_LINE_TERMS])
        for start in range(0, len(terms), MAX_LINE_TERMS)
    ]
    pieces[0] = f"{row.name}: {pieces[0]}"
    pieces[-1] += f" {row.sense} {row.right!r}"
    return [f" {piece}" for piece in pieces]


def _bound(name: str, low: float, high: float) -> str:
    if low == -high == float("-inf"):
        return f" {name} free"
    return f" {low!r} <= {name}" + ("" if high == float("inf") else f" <= {high!r}")
