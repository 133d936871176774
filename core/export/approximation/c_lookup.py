"""The approximation as a C99 header with a lookup in constant time.

[b_1, b_m] is cut into equal cells. A multiplication gives the cell of x, a table the number of
breakpoints before the cell, and a fixed number of comparisons without a branch those inside it.
"""

import numpy as np

from core.approximation.relu.c_header import require_name
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.result import Approximation
from core.arrays import Array
from core.export.approximation.cells import Cells, cells_of

TEMPLATE = """\
/* A piecewise linear function with {m} bends, evaluated in constant time: one multiplication, one
   table of {count} cells and {steps} comparisons. All numbers are exact (C99 hexadecimal floats);
   compile without -ffast-math, and with -ffp-contract=off where the machine can fuse a product and
   a sum. */
#ifndef {guard}
#define {guard}

#include <math.h>

static inline double {name}(double x)
{{
    static const struct {{ double breakpoint, anchor, value, slope; }} segments[{rows}] = {{
{segments}
    }};
    static const unsigned {width} first[{count}] = {{
{first}
    }};
    double place = (x - {origin}) * {scale};
    /* Also for NaN the first cell; the result is NaN all the same. */
    place = place > 0.0 ? place : 0.0;
    place = place < {last}.0 ? place : {last}.0;
    unsigned long segment = first[(unsigned long)place];
{comparisons}
    return segments[segment].value + segments[segment].slope * (x - segments[segment].anchor);
}}

#endif
"""


def write_c_lookup(approximation: Approximation) -> bytes:
    """The header with `double relu_network(double x)`, which is `segments(x)` for finite x."""
    return c_lookup(approximation.segments).encode()


def c_lookup(segments: PiecewiseLinear, name: str = "relu_network") -> str:
    """The header; raises `InvalidFormula` for a name that C does not allow."""
    require_name(name)
    breakpoints = segments.breakpoints
    cells = cells_of(breakpoints)
    padding = np.full(cells.padding, np.inf)
    table = np.column_stack(
        [
            # Segment j begins at breakpoint j - 1, and ends at breakpoint j.
            np.concatenate([breakpoints, [np.inf], padding]),
            np.concatenate([segments.anchors, np.zeros(cells.padding)]),
            np.concatenate([segments.values, np.zeros(cells.padding)]),
            np.concatenate([segments.slopes, np.zeros(cells.padding)]),
        ]
    )
    return TEMPLATE.format(
        guard=f"{name.upper()}_H",
        name=name,
        m=len(breakpoints),
        rows=len(table),
        segments=",\n".join(f"        {{{_hexadecimal(row)}}}" for row in table),
        count=len(cells.first),
        steps=len(cells.steps),
        width="char" if len(breakpoints) < 2**8 else "short" if len(breakpoints) < 2**16 else "int",
        first=_wrapped(cells.first),
        origin=float(breakpoints[0]).hex(),
        scale=cells.scale.hex(),
        last=len(cells.first) - 1,
        comparisons=_comparisons(cells),
    )


def _comparisons(cells: Cells) -> str:
    return "\n".join(
        f"    segment += segments[segment + {step - 1}].breakpoint <= x ? {step} : 0;"
        for step in cells.steps
    )


def _hexadecimal(row: Array) -> str:
    return ", ".join("INFINITY" if np.isinf(number) else number.hex() for number in row.tolist())


def _wrapped(numbers: Array, per_line: int = 20) -> str:
    rows = (numbers[start : start + per_line] for start in range(0, len(numbers), per_line))
    return ",\n".join("        " + ", ".join(map(str, row.tolist())) for row in rows)
