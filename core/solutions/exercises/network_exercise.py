"""Exercises on a small network: forward pass, backpropagation, one step of descent."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.arrays import Array
from core.conventions import DEFAULT
from core.errors import NotFinite, TooLong
from core.neural_network import NeuralNetwork
from core.nn.losses import get_loss
from core.solutions.calculation.evaluation import WorkedOut, work_out
from core.solutions.calculation.network import backprop_calculation, forward_calculation
from core.solutions.derivation.given import rounding_instruction, shape_name
from core.solutions.document import Block, Document, Heading, Paragraph
from core.solutions.exercises.exercise import Exercise
from core.solutions.exercises.marking_scheme import points
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.number_quality import has_readable_numbers
from core.solutions.exercises.questions import questions
from core.solutions.exercises.seeded_random import SeededRandom
from core.solutions.given_section import given_section, pages_of
from core.solutions.network_solution import backprop_solution, forward_solution

ATTEMPTS = 4000


@dataclass(frozen=True, eq=False)
class _Draft:
    network: NeuralNetwork
    x: Array
    y: Array
    eta: float | None


def network_exercise(task: NetworkTask, seed: int) -> Exercise:
    """The sheet of a seed: the first draft, counted from 0, whose numbers are all easy by hand.

    Raises `TooLong` where none of 4000 drafts is, as with many numbers of few digits, and
    `ShapeMismatch` for activations that do not fit the sizes.
    """
    for attempt in range(ATTEMPTS):
        draft = _draft(task, SeededRandom(seed, attempt))
        worked = _worked_out(task, draft)
        if worked is not None and has_readable_numbers(worked, task.activations):
            return _exercise(task, draft, worked)
    raise TooLong(
        f"none of {ATTEMPTS} sheets of the shape {shape_name(task.sizes)} has only numbers that "
        f"are easy by hand with {task.rounding.digits} {task.rounding.kind}: take fewer units",
        ("sizes",),
    )


def _draft(task: NetworkTask, lots: SeededRandom) -> _Draft:
    network = NeuralNetwork.from_parameters(
        [lots.tenths((d_out, d_in), 9) for d_in, d_out in pairwise(task.sizes)],
        [_biases(task, lots, size) for size in task.sizes[1:]],
        task.activations,
    )
    x = 10.0 * lots.tenths((1, task.sizes[0]), 2)
    eta = lots.one_of((0.1, 0.2, 0.5)) if task.kind == "update" else None
    return _Draft(network, x, _target(task, lots), eta)


def _biases(task: NetworkTask, lots: SeededRandom, size: int) -> Array:
    shared = task.conventions.shared_bias
    return np.repeat(lots.tenths((1,), 9), size) if shared else lots.tenths((size,), 9)


def _target(task: NetworkTask, lots: SeededRandom) -> Array:
    """One-hot for softmax, 0 and 1 for the sigmoid, tenths for what has no such bounds."""
    width, last = task.sizes[-1], task.activations[-1]
    if last == "softmax":
        return np.eye(width)[[lots.integer(0, width - 1)]]
    if last == "sigmoid":
        return np.array([[float(lots.integer(0, 1)) for _ in range(width)]])
    return lots.tenths((1, width), 9)


def _worked_out(task: NetworkTask, draft: _Draft) -> WorkedOut | None:
    """None where rounding leads to a logarithm of 0."""
    book = task.conventions
    layers = book.layers(draft.network.layers)
    if task.kind == "forward":
        return work_out(forward_calculation(layers, draft.x, book), task.rounding)
    loss = get_loss(task.loss)
    calculation = backprop_calculation(
        layers, draft.x, draft.y, loss, eta=draft.eta, conventions=book
    )
    try:
        return work_out(calculation, task.rounding)
    except NotFinite:
        return None


def _exercise(task: NetworkTask, draft: _Draft, worked: WorkedOut) -> Exercise:
    book, shape = task.conventions, shape_name(task.sizes)
    layers = book.layers(draft.network.layers)
    (page,) = pages_of(layers, worked)
    loss = None if task.kind == "forward" else task.loss
    scheme = tuple(points(page))
    blocks: list[Block] = [
        *given_section(page, loss, values=False),
        Paragraph(rounding_instruction(task.rounding)),
        Heading("Tasks"),
        *(Paragraph(sentence) for sentence in questions(task.kind, scheme, book)),
    ]
    question: dict[str, object] = {"network": draft.network, "x": draft.x[0]}
    if task.kind == "forward":
        key = forward_solution(layers, draft.x, task.rounding, book)
    else:
        key = backprop_solution(
            layers,
            draft.x,
            draft.y,
            get_loss(task.loss),
            task.rounding,
            eta=draft.eta,
            conventions=book,
        )
        question |= {"y": draft.y[0], "loss": task.loss}
    if draft.eta is not None:
        question["eta"] = draft.eta
    if book != DEFAULT:
        question["conventions"] = book
    title = TITLES[task.kind].format(shape)
    return Exercise(question, Document(title, tuple(blocks)), key, scheme, worked)


TITLES = {
    "forward": "Exercise: the forward pass of a {} network",
    "backprop": "Exercise: backpropagation in a {} network",
    "update": "Exercise: one step of gradient descent in a {} network",
}
