"""A checked sheet to hand back: the student's numbers with marks, the first slip, the points."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from core.conventions import USUAL_FORM, WeightsForm
from core.errors import Place
from core.nn.layer import Layer
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.quantity import Calculation, at
from core.solutions.checking.check import Report
from core.solutions.checking.quantity_names import MATRICES, number_name
from core.solutions.checking.summary import summary
from core.solutions.checking.verdict import JudgedNumber, Verdict
from core.solutions.derivation.page import Page, number
from core.solutions.document import Block, Document, Equations, Heading, Paragraph, Picture, Table
from core.solutions.drawing.diagram import DrawnLayer, Edge, Figure, Unit, drawable
from core.solutions.exercises.marking_scheme import Points, points
from core.solutions.given_section import pages_of, sizes_of
from core.solutions.notation.tree import Mark, Math, column, matrix, row
from core.solutions.rounding import Rounding, typeset
from core.solutions.step import Sentence, Step

MARKS = {
    Verdict.CORRECT: ("right", "✓"),
    Verdict.COARSE: ("approximately", "≈"),
    Verdict.FOLLOWS: ("follows", "↪"),
    Verdict.WRONG: ("cross", "✗"),
    Verdict.MISSING: ("dots", "…"),
}
"""The mark of each verdict, in a formula and in a drawing."""
LARGEST_PLAIN = 1e12
MAX_SHOWN_DIGITS = 30
"""Beyond these a number is written in short."""
_LEGEND = (
    "✓ right, ≈ right to fewer digits than asked, ↪ right given an earlier slip, ✗ wrong, "
    "… not handed in."
)
_SHARES = (
    "A quantity earns its points times the share of its numbers that are right, coarse or follow "
    "from an earlier slip, rounded down to half a point: points for a mistake "
    "are deducted only once."
)


def report_document(
    report: Report,
    calculation: Calculation,
    layers: Sequence[Layer],
    steps: Sequence[Step],
    rounding: Rounding,
    hints: int = 2,
    form: WeightsForm = USUAL_FORM,
) -> Document:
    """The report as a page; `steps` are those of the worked solution, empty where there is none.

    `layers` are empty for a ReLU system; `hints` from 0 to 2 limit what is revealed, as in
    `summary`.
    """
    worked = work_out(calculation, rounding)
    page = pages_of(layers, worked)[0] if layers else Page(worked, ())
    blocks: list[Block] = [Paragraph((summary(report, page.samples, hints, form),))]
    if layers and page.samples == 1 and drawable(sizes_of(layers)):
        caption = "Your numbers s | x in each unit, with their marks."
        blocks.append(Picture(_figure(report, page), caption))
    blocks += [Heading("Your numbers"), Paragraph((_LEGEND,))]
    blocks.append(Equations(tuple(_marked(page, report, form))))
    first = report.first_wrong
    if first is not None and hints >= 1:
        blocks += _first_slip(first, page, steps if hints >= 2 else (), form)
    blocks += [Heading("Points"), Paragraph((_SHARES,)), _points_table(tuple(points(page)), report)]
    return Document("Your sheet, checked", tuple(blocks))


def _numbers_at(report: Report, place: Place) -> list[JudgedNumber]:
    return [one for one in report.numbers if one.place == place]


def _marked(page: Page, report: Report, form: WeightsForm) -> Iterator[Math]:
    """Every quantity of which something was handed in, with a mark at each number."""
    for place in dict.fromkeys(one.place for one in report.numbers):
        numbers = _numbers_at(report, place)
        if all(one.verdict is Verdict.MISSING for one in numbers):
            continue
        shown = [_with_mark(one) for one in numbers]
        by_columns = place[-1] in MATRICES and form.layout == "rows"
        yield row(page.symbol(place), "equals", _shaped(shown, numbers[-1].index, by_columns))


def _shaped(shown: list[Math], last: tuple[int, ...], by_columns: bool) -> Math:
    """A number, a column, or rows; a single sample has no axis of its own."""
    shape = tuple(i + 1 for i in last)
    while len(shape) > 1 and shape[0] == 1:
        shape = shape[1:]
    if len(shape) < 2:
        return column(shown)
    width = shape[-1]
    rows = [shown[i : i + width] for i in range(0, len(shown), width)]
    return matrix(zip(*rows, strict=True) if by_columns else rows)


def _with_mark(one: JudgedNumber) -> Math:
    mark, _ = MARKS[one.verdict]
    return row(mark) if one.value is None else row(number(_as_written(one)), mark)


def _as_written(one: JudgedNumber) -> Decimal:
    value = one.value or 0.0
    if abs(value) >= LARGEST_PLAIN:
        return Decimal(repr(value))
    return Decimal(f"{value:.{min(max(one.digits or 0, 0), MAX_SHOWN_DIGITS)}f}")


def _figure(report: Report, page: Page) -> Figure:
    layers = []
    for layer in range(len(page.activations)):
        weights, biases = page.printed(at(layer, "weights")), page.printed(at(layer, "biases"))
        s, x = (_texts(report, at(layer, name)) for name in ("s", "x"))
        units = zip(biases, s, x, strict=True)
        layers.append(
            DrawnLayer(
                units=tuple(Unit(_text(bias), *of_unit) for bias, *of_unit in units),
                edges=tuple(
                    Edge(source, target, _text(weights.item(target, source)))
                    for target, source in np.ndindex(weights.shape)
                ),
                activation=page.activations[layer],
            )
        )
    inputs: tuple[str, ...] = tuple(map(_text, page.printed(("x",)).tolist()))
    return Figure(inputs, tuple(layers))


def _text(value: Decimal) -> str:
    return typeset(value)


def _texts(report: Report, place: Place) -> list[str]:
    return [
        "" if one.value is None else f"{_text(_as_written(one))} {MARKS[one.verdict][1]}"
        for one in _numbers_at(report, place)
    ]


def _first_slip(
    first: JudgedNumber, page: Page, steps: Sequence[Step], form: WeightsForm
) -> list[Block]:
    """Where it is, and the line worked out."""
    name = number_name(first.place, first.index, page.samples, form)
    blocks: list[Block] = [Heading("The first slip"), Paragraph((f"{name}:",))]
    entries = (entry for step in steps for entry in step.entries)
    place = (*first.place, *(first.index[1:] if page.samples == 1 else first.index))
    wanted = {(*first.place, *first.index), place}
    for entry in entries:
        if entry.place in wanted:
            forms = [form for one in entry.substituted for form in (Mark("equals"), one)]
            result = ("equals" if entry.exact else "approximately", number(entry.value))
            line = row(entry.symbol, "equals", entry.formula, *forms, *result)
            return [*blocks, Equations((line,))]
    return blocks


def _points_table(scheme: tuple[Points, ...], report: Report) -> Table:
    """What each quantity earns."""
    rows: list[tuple[Sentence, ...]] = []
    earned_in_all, worth = Decimal(0), 0
    for one in scheme:
        numbers = _numbers_at(report, one.place)
        good = sum(n.verdict in (Verdict.CORRECT, Verdict.COARSE, Verdict.FOLLOWS) for n in numbers)
        earned = earned_points(one.points, good, len(numbers))
        earned_in_all, worth = earned_in_all + earned, worth + one.points
        rows.append(((one.symbol,), (f"{good} of {len(numbers)}",), (f"{earned} of {one.points}",)))
    rows.append((("Sum",), ("",), (f"{earned_in_all} of {worth}",)))
    return Table(("Quantity", "Right or following", "Points"), tuple(rows))


def earned_points(points: int, good: int, numbers: int) -> Decimal:
    """The share of the points, rounded down to half a point."""
    halves = 2 * points * good // numbers if numbers else 0
    return Decimal(halves) / 2
