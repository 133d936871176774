"""Updates, with the operations of `core.training.optimizers` and `UpdateRule` in their order."""

from math import sqrt as square_root

from core.training.compiled.constants import (
    BEFORE,
    FIRST_MOMENT,
    GRADIENT,
    GRADIENT_DESCENT,
    MOMENTUM,
    PARAMETERS,
    SECOND_MOMENT,
    SHRINKAGE,
)
from core.training.compiled.lanes.jit import compiled, inlined
from core.training.compiled.lanes.memory import lane_count, load, rounded, store
from core.training.compiled.lanes.operations import splat, sqrt


@inlined
def _descend(a, w, g, size, eta):
    n = lane_count(a)
    rate = splat(eta)
    for at in range(0, size, n):
        store(a, w + at, load(a, w + at) - load(a, g + at) * rate)


@inlined
def _descend_with_momentum(a, w, g, v, size, eta, momentum):
    n = lane_count(a)
    rate, decay = splat(eta), splat(momentum)
    for at in range(0, size, n):
        velocity = load(a, v + at) * decay + load(a, g + at)
        store(a, v + at, velocity)
        store(a, w + at, load(a, w + at) - velocity * rate)


@inlined
def _adapt(a, w, g, m, v, size, beta1, beta2, rate, shift):
    n = lane_count(a)
    decay1, decay2, step, floor = splat(beta1), splat(beta2), splat(rate), splat(shift)
    for at in range(0, size, n):
        gradient = load(a, g + at)
        first = load(a, m + at) * decay1 + gradient
        second = load(a, v + at) * decay2 + gradient * gradient
        store(a, m + at, first)
        store(a, v + at, second)
        store(a, w + at, load(a, w + at) - first / (sqrt(second) + floor) * step)


@compiled
def make_step(a, code, w, g, m, v, size, parameters, iteration):
    """Make the step of `iteration` (from 1); constants are rounded as NumPy's path rounds them."""
    eta = parameters[0]
    if code == GRADIENT_DESCENT:
        _descend(a, w, g, size, rounded(a, eta))
    elif code == MOMENTUM:
        _descend_with_momentum(a, w, g, m, size, rounded(a, eta), rounded(a, parameters[1]))
    else:
        beta1, beta2, epsilon = parameters[1], parameters[2], parameters[3]
        t = float(iteration)
        c = square_root((1.0 - beta2) / (1.0 - beta2**t))
        rate = rounded(a, eta * (1.0 - beta1) / (1.0 - beta1**t) / c)
        shift = rounded(a, epsilon / c)
        _adapt(a, w, g, m, v, size, rounded(a, beta1), rounded(a, beta2), rate, shift)


@inlined
def _apply_rule(a, w, before, shrinkage, size, factor):
    """w ← before + factor (w - before - shrinkage · before)."""
    n = lane_count(a)
    share = splat(factor)
    for at in range(0, size, n):
        old = load(a, before + at)
        change = load(a, w + at) - old - load(a, shrinkage + at) * old
        store(a, w + at, change * share + old)


@compiled
def update(a, at, size, optimizer, parameters, iteration, has_rule, factor):
    """Make the step of `iteration` (from 1); with a rule, times `factor` and with weight decay."""
    w, g, before = at[PARAMETERS], at[GRADIENT], at[BEFORE]
    if has_rule:
        for k in range(0, size, lane_count(a)):
            store(a, before + k, load(a, w + k))
    make_step(a, optimizer, w, g, at[FIRST_MOMENT], at[SECOND_MOMENT], size, parameters, iteration)
    if has_rule:
        _apply_rule(a, w, before, at[SHRINKAGE], size, rounded(a, factor))
