"""The big-M model of an approximation as Python code for Pyomo and for linopy."""

from core.approximation.result import Approximation
from core.export.approximation.linear_model import unit_bounds

DATA = '''\
INTERVAL = {interval}
BIAS = {bias!r}
UNITS = [
{units}
]
"""Direction, knot, λ, and the exact bounds l ≤ 0 ≤ u of the pre-activation of every unit."""
'''
PYOMO = '''\
"""y = NN(x) as a Pyomo block: `model.nn = relu_network()`, with `model.nn.x` and `model.nn.y`."""

import pyomo.environ as pyo

{data}

def relu_network():
    """The block; NN(x) = bias + sum of λ ReLU(direction (x - knot)), each ReLU by a binary."""
    block = pyo.Block(concrete=True)
    units = range(len(UNITS))
    block.x = pyo.Var(bounds=INTERVAL)
    block.y = pyo.Var()
    block.z = pyo.Var(units, within=pyo.NonNegativeReals)
    block.on = pyo.Var(units, within=pyo.Binary)
    block.rows = pyo.ConstraintList()
    for j, (direction, knot, _, low, high) in enumerate(UNITS):
        s = direction * (block.x - knot)
        block.rows.add(block.z[j] >= s)
        block.rows.add(block.z[j] <= s - low * (1 - block.on[j]))
        block.rows.add(block.z[j] <= high * block.on[j])
    block.rows.add(block.y == BIAS + sum(UNITS[j][2] * block.z[j] for j in units))
    return block
'''
LINOPY = '''\
"""y = NN(x) in a linopy model: `x, y = add_relu_network(model)`."""

import pandas as pd
import xarray as xr

{data}

def add_relu_network(model):
    """Add the variables and rows; NN(x) = bias + sum of λ ReLU(direction (x - knot))."""
    units = pd.RangeIndex(len(UNITS), name="unit")
    direction, knot, weight, low, high = (
        xr.DataArray(list(column), coords=[units]) for column in zip(*UNITS)
    )
    x = model.add_variables(*INTERVAL, name="x")
    y = model.add_variables(name="y")
    z = model.add_variables(lower=0, coords=[units], name="z")
    active = model.add_variables(binary=True, coords=[units], name="active")
    model.add_constraints(z - direction * x >= -direction * knot, name="above")
    model.add_constraints(z - direction * x - low * active <= -direction * knot - low, name="below")
    model.add_constraints(z - high * active <= 0, name="off")
    model.add_constraints(y - (weight * z).sum() == BIAS, name="output")
    return x, y
'''


def write_pyomo(approximation: Approximation) -> bytes:
    """A module with `relu_network()`, which returns a block."""
    return PYOMO.format(data=_data(approximation)).encode()


def write_linopy(approximation: Approximation) -> bytes:
    """A module with `add_relu_network(model)`, which returns x and y."""
    return LINOPY.format(data=_data(approximation)).encode()


def _data(approximation: Approximation) -> str:
    network = approximation.relu_sum
    low, high = float(approximation.grid[0]), float(approximation.grid[-1])
    bounds = unit_bounds(network, low, high)
    units = "\n".join(
        f"    ({direction!r}, {knot!r}, {weight!r}, {lower!r}, {upper!r}),"
        for (direction, knot, lower, upper), weight in zip(
            bounds, network.lambdas.tolist(), strict=True
        )
    )
    return DATA.format(interval=(low, high), bias=float(network.bias), units=units)
