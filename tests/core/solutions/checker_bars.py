"""The bars of the checker: honest sheets, planted mistakes, random wrong numbers.

`make exercises-bars` runs them at full length and prints the figures.
"""

from collections import Counter
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from functools import partial

import numpy as np
from hand_questions import HIDDEN, PAIRS, hand_question
from planting import handed_in_with

from core.errors import NotFinite
from core.solutions.calculation.evaluation import compute, work_out
from core.solutions.calculation.functions import each
from core.solutions.calculation.network import backprop_calculation
from core.solutions.checking.check import check
from core.solutions.checking.mistakes import MISTAKES
from core.solutions.checking.verdict import Verdict
from core.solutions.rounding import EXACT, Rounding

COUNTED = ("planted", "located", "named", "certain")


def random_question(generator):
    """A network of two to four layers with its calculation."""
    loss, last = PAIRS[generator.integers(len(PAIRS))]
    depth = int(generator.integers(2, 5))
    sizes = tuple(int(n) for n in generator.integers(1, 4, size=depth + 1))
    if loss == "cross_entropy" or last == "softmax":
        sizes = (*sizes[:-1], max(2, sizes[-1]))
    hidden = HIDDEN[generator.integers(len(HIDDEN))]
    samples = 1 if generator.random() < 0.7 else int(generator.integers(2, 4))
    asked = hand_question(int(generator.integers(10**6)), sizes, hidden, last, loss, samples)
    reduction = "mean" if generator.random() < 0.7 else "sum"
    return backprop_calculation(asked.layers, asked.x, asked.y, asked.loss, reduction, eta=0.2)


def written(number, digits, kind, cut):
    """A number with this many digits, as it stands on paper."""
    by_decimals = kind == "decimals" or not number
    place = -digits if by_decimals else number.adjusted() - digits + 1
    rule = ROUND_DOWN if cut else ROUND_HALF_UP
    return number.quantize(Decimal(1).scaleb(place), rounding=rule)


# Of Task 7 there are no networks; test_known_mistakes plants those.
OF_NETWORKS = [
    one for one in MISTAKES if not one.quantities & {"spacing", "grid", "knots", "lambdas"}
]
STYLES = ("exact", "each_step", "guard_1", "guard_2", "guard_3", "cut", "cut_at_the_end", "mixed")


def honest_sheet(calculation, style, digits, kind, generator):
    """Everything on paper, computed rightly and rounded in one of the honest styles."""
    carried, paper = dict(calculation.given), {}
    guard = int(style[-1]) if style.startswith("guard") else 0
    with localcontext(EXACT) as context:
        context.prec = 60
        for quantity in calculation.quantities:
            numbers = compute(quantity, carried)
            if not each(Decimal.is_finite, numbers).all():
                return None
            numbers = each(lambda n: n if abs(n) > 1e-30 else Decimal(0), numbers)
            own = int(generator.integers(2, digits + 1)) if style == "mixed" else digits
            cut = style.startswith("cut")
            if guard:
                more = partial(written, digits=digits + guard, kind=kind, cut=False)
                kept = each(more, numbers)
                shown = each(partial(written, digits=own, kind=kind, cut=False), kept)
            else:
                shown = each(partial(written, digits=own, kind=kind, cut=cut), numbers)
                kept = shown if style in ("each_step", "cut") else numbers
            carried[quantity.place], paper[quantity.place] = kept, shown
    return paper


def honest(count, seed=1):
    """How many sheets have a wrong number, or one that only follows, by style."""
    generator = np.random.default_rng(seed)
    wrong, done = Counter(), Counter()
    while done.total() < count:
        style = STYLES[done.total() % len(STYLES)]
        calculation = random_question(generator)
        digits = int(generator.integers(2, 6))
        kind = ("decimals", "significant_digits")[generator.integers(2)]
        try:
            paper = honest_sheet(calculation, style, digits, kind, generator)
        except ArithmeticError:
            continue
        if paper is None:
            continue
        declared = Rounding(
            digits, kind, "each_step" if style in ("each_step", "cut") else "display"
        )
        as_text = generator.random() < 0.5
        answers = {
            place: each(str, numbers) if as_text else numbers.astype(np.float64)
            for place, numbers in paper.items()
            if generator.random() < 0.8
        }
        stated = declared if generator.random() < 0.8 or not as_text else None
        report = check(calculation, answers, stated)
        done[style] += 1
        bad = [one for one in report.numbers if one.verdict is Verdict.WRONG]
        if bad:
            wrong[style] += 1
    return wrong, done


def planted(count, seed=2, mistakes=OF_NETWORKS):
    """(located, named first, planted) by mistake, in random networks at six digits."""
    generator = np.random.default_rng(seed)
    results = {}
    for one in mistakes:
        tally = results[one.name] = Counter()
        for _ in range(60 * count):
            if tally["planted"] == count:
                break
            _plant(one, tally, generator)
    return results


def _plant(mistake, tally, generator):
    calculation = random_question(generator)
    places = {*calculation.given, *(q.place for q in calculation.quantities)}
    open_to = [q for q in calculation.quantities if mistake.fits(q, places)]
    if not open_to:
        return
    quantity = open_to[generator.integers(len(open_to))]
    rounding = Rounding(6, mode=("display", "each_step")[generator.integers(2)])
    variant = int(generator.integers(60))
    try:
        right = handed_in_with(calculation, {}, rounding)[quantity.place]
        answers = handed_in_with(calculation, {quantity.place: [mistake]}, rounding, variant)
    except (NotFinite, ArithmeticError, ValueError, IndexError):
        return
    got = answers[quantity.place]
    sane = all(np.isfinite(numbers).all() for numbers in answers.values())
    if not sane or got.shape != right.shape or np.abs(got - right).max() < 1e-3:
        return
    report = check(calculation, answers, rounding)
    first = report.first_wrong
    tally["planted"] += 1
    located = first is not None and first.place == quantity.place
    tally["located"] += located
    names = [slip.mistake for slip in first.slips] if located else []
    if len(names) == 1 and _gives(names[0], calculation, quantity, rounding, got):
        names = [mistake.name]  # where two mistakes lead to the same numbers, one is as good
    tally["named"] += names == [mistake.name]
    tally["certain"] += names == [mistake.name] and first.explanation.certain
    if names != [mistake.name]:
        tally[("for", *names)] += 1


def _gives(name, calculation, quantity, rounding, numbers):
    """Whether a mistake of that name leads to the same numbers."""
    for one in (one for one in MISTAKES if one.name == name):
        for variant in range(20):
            try:
                planted = {quantity.place: [one]}
                found = handed_in_with(calculation, planted, rounding, variant)[quantity.place]
            except (NotFinite, ArithmeticError, ValueError, IndexError):
                continue
            if np.array_equal(found, numbers):
                return True
    return False


def random_wrong(count, seed=3):
    """How many random wrong numbers get a certain name, and any name, of how many."""
    generator = np.random.default_rng(seed)
    tally = Counter()
    while tally["wrong"] < count:
        calculation = random_question(generator)
        digits = int(generator.integers(1, 7))
        declared = None if generator.random() < 0.3 else Rounding(digits)
        worked = work_out(calculation, Rounding(digits))
        quantity = calculation.quantities[generator.integers(len(calculation.quantities))]
        place = quantity.place
        numbers = worked.computed[place].astype(np.float64)
        index = tuple(int(generator.integers(n)) for n in numbers.shape)
        size = max(abs(numbers[index]), 10.0**-digits) * (2.0 if generator.random() < 0.5 else 5.0)
        value = round(float(generator.uniform(-size, size)), digits)
        answers = {
            q.place: worked.printed[q.place].astype(np.float64)
            for q in calculation.quantities
            if q.place == place or generator.random() < 0.7
        }
        if generator.random() < 0.5:
            answers[place][...] = np.nan
        answers[place][index] = value
        report = check(calculation, answers, declared)
        judged = next(one for one in report.numbers if (one.place, one.index) == (place, index))
        if judged.verdict is not Verdict.WRONG:
            continue
        tally["wrong"] += 1
        tally["named"] += bool(judged.slips)
        if judged.slips and judged.explanation.certain:
            tally["certain"] += 1
            tally[judged.slips[0].mistake] += 1
    return tally
