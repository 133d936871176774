"""A student who makes known mistakes, and goes on from there without another slip."""

from decimal import localcontext

import numpy as np

from core.solutions.calculation.functions import each
from core.solutions.checking.mistakes.mistake import mistaken
from core.solutions.rounding import EXACT, as_floats


def handed_in_with(calculation, planted, rounding, variant=0):
    """All numbers on paper, when at each place of `planted` that mistake is made."""
    values = dict(calculation.given)
    on_paper = {}

    def value(place):
        if place not in values:
            quantity = calculation[place]
            formula = quantity.formula
            needed = dict(quantity.inputs)
            if place in planted:
                # Only a mistake reads other quantities, including those later on the page.
                roles = set().union(*(mistake.needs for mistake in planted[place]))
                readable = {**quantity.nearby, **quantity.inputs}
                safe = {"s", "x", "x_below", "s_below", "input", "weights", "biases"}
                safe |= {role for role in readable if "_of_" in role}
                for role, where in readable.items():
                    known = where in calculation.given or where in calculation
                    if known and role in roles | safe:
                        needed[role] = where
            inputs = {role: value(where) for role, where in needed.items()}
            for one in planted.get(place, ()):
                ways = list(one.variants(inputs))
                if not ways:
                    raise ValueError(one.name)
                formula = mistaken(ways[variant % len(ways)], formula)
            numbers = np.asarray(formula(inputs), dtype=object)
            on_paper[place] = each(rounding.rounded, numbers)
            values[place] = on_paper[place] if rounding.each_step else numbers
        return values[place]

    with localcontext(EXACT):
        for quantity in calculation.quantities:
            value(quantity.place)
    return {place: as_floats(numbers) for place, numbers in on_paper.items()}


def downstream(calculation, place):
    """Every place that is computed from this one."""
    reached = {place}
    for quantity in calculation.quantities * 2:
        if reached & set(quantity.inputs.values()):
            reached.add(quantity.place)
    return reached - {place}
