"""The network as a C99 header: one function without any library, equal to the last bit."""

import re

from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.arrays import Array
from core.errors import InvalidFormula

TEMPLATE = """\
/* A network of one layer of ReLUs: a piecewise linear function with {m} bends.
   All numbers are exact (C99 hexadecimal floats); compile without -ffast-math. */
#ifndef {guard}
#define {guard}

static inline double {name}(double x)
{{
    static const double breakpoints[{m}] = {{
{breakpoints}
    }};
    static const double anchors[{more}] = {{
{anchors}
    }};
    static const double values[{more}] = {{
{values}
    }};
    static const double slopes[{more}] = {{
{slopes}
    }};
    unsigned long low = 0, high = {m};
    /* The number of breakpoints that are not above x. */
    while (low < high) {{
        unsigned long middle = low + (high - low) / 2;
        if (breakpoints[middle] <= x) {{
            low = middle + 1;
        }} else {{
            high = middle;
        }}
    }}
    return values[low] + slopes[low] * (x - anchors[low]);
}}

#endif
"""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
RESERVED = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else",
    "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "main", "register",
    "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
    "union", "unsigned", "void", "volatile", "while",
}  # fmt: skip


def c_header(segments: PiecewiseLinear, name: str = "relu_network") -> str:
    """Write the header with `double name(double x)`.

    For every finite x it returns what `segments(x)` does, where the compiler does not contract a
    product and a sum (gcc and clang do not with -std=c99 on machines without such an instruction,
    else with -ffp-contract=off). Raises `InvalidFormula` for a name that C does not allow.
    """
    require_name(name)
    return TEMPLATE.format(
        guard=f"{name.upper()}_H",
        name=name,
        m=len(segments.breakpoints),
        more=len(segments.anchors),
        breakpoints=_listed(segments.breakpoints),
        anchors=_listed(segments.anchors),
        values=_listed(segments.values),
        slopes=_listed(segments.slopes),
    )


def require_name(name: str) -> None:
    """Raise `InvalidFormula` for what is no name of a function in C."""
    if not NAME.fullmatch(name) or name in RESERVED:
        raise InvalidFormula(f"{name!a} is not a name of a function in C", ("name",))


def _listed(numbers: Array) -> str:
    return ",\n".join(f"        {number.hex()}" for number in numbers.tolist())
