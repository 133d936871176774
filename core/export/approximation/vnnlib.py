"""The property |f - NN| ≤ ε at the samples of a table, in VNN-LIB, for verifiers such as Marabou.

A verifier searches for a counterexample: the assertions describe an x of the table with an output
that is too far away. `unsat` proves the property for the network exported as ONNX.
"""

import numpy as np

from core.approximation.result import Approximation
from core.errors import OutOfDomain

DIGITS = 3


def write_vnnlib(approximation: Approximation) -> bytes:
    """The property with the largest error of the table, rounded up, as ε.

    Raises `OutOfDomain` for a formula: VNN-LIB has linear conditions only.
    """
    table = approximation.table
    if table is None:
        raise OutOfDomain(
            "a property in VNN-LIB needs a table of samples; a formula is not linear",
            ("function",),
        )
    output = approximation.segments(table.x)
    epsilon = rounded_up(float(np.maximum(table.low - output, output - table.high).max()))
    lines = [
        f"; |f - NN| <= {epsilon!r} at all {len(table.x)} samples of the table f.",
        "; X_0 is x, Y_0 is NN(x); unsat means that the property holds.",
        "(declare-const X_0 Real)",
        "(declare-const Y_0 Real)",
        "(assert (or",
    ]
    for x, low, high in zip(table.x.tolist(), table.low.tolist(), table.high.tolist(), strict=True):
        at = f"(<= X_0 {x!r}) (>= X_0 {x!r})"
        lines.append(f"  (and {at} (<= Y_0 {low - epsilon!r}))")
        lines.append(f"  (and {at} (>= Y_0 {high + epsilon!r}))")
    return "\n".join([*lines, "))", ""]).encode()


def rounded_up(error: float) -> float:
    """The error with a few digits, away from 0; at least the smallest that rounding may cause."""
    error = max(error, 1e-9)
    unit = 10.0 ** (np.floor(np.log10(error)) - (DIGITS - 1))
    return float(f"{(np.floor(error / unit) + 1.0) * unit:.{DIGITS}g}")
