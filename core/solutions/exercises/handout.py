"""Sheets to hand out: title, name line and code; several sheets with their keys at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.solutions.document import Block, Document, Heading, PageBreak, Paragraph
from core.solutions.exercises.exercise import Exercise
from core.solutions.exercises.marking_scheme import scheme_table, total_points
from core.solutions.exercises.network_exercise import network_exercise
from core.solutions.exercises.relu_exercise import ReluTask, relu_exercise
from core.solutions.exercises.sheet_code import Task, code_of

NAME_LINE = "Name: ______________________________    Date: ______________"


@dataclass(frozen=True, eq=False)
class Handout:
    """One sheet of a seed, as it is printed."""

    task: Task
    seed: int
    title: str | None = None

    @cached_property
    def exercise(self) -> Exercise:
        """Task, key and scheme; raises what the core refuses."""
        if isinstance(self.task, ReluTask):
            return relu_exercise(self.task, self.seed)
        return network_exercise(self.task, self.seed)

    @property
    def code(self) -> str:
        """The code that brings sheet and key back."""
        return code_of(self.task, self.seed)

    @property
    def heading(self) -> str:
        """The teacher's title, or what the exercise is about."""
        return self.title or self.exercise.task.title

    @property
    def front(self) -> tuple[Block, ...]:
        """The task with its name line, its code and its points."""
        worth = total_points(self.exercise.scheme)
        head = Paragraph((NAME_LINE,))
        foot = Paragraph((f"Sheet {self.code}, seed {self.seed}, {worth} points.",))
        return (head, foot, *self.exercise.task.blocks)

    @property
    def back(self) -> tuple[Block, ...]:
        """The key and the marking scheme."""
        return (
            Heading(f"Key of sheet {self.code}"),
            *self.exercise.key.blocks,
            Heading("Marking scheme"),
            Paragraph(
                (
                    "A number that is right given an earlier slip gets its points: "
                    "points for a mistake are deducted only once.",
                )
            ),
            scheme_table(self.exercise.scheme),
        )

    def document(self, with_key: bool) -> Document:
        """The sheet, and on pages of their own its key and scheme."""
        back = (PageBreak(), *self.back) if with_key else ()
        return Document(self.heading, (*self.front, *back))

    @property
    def key(self) -> Document:
        """The key alone."""
        return Document(f"Key of {self.code}", self.back)


def handouts(task: Task, seed: int, count: int, title: str | None = None) -> list[Handout]:
    """Sheets of `count` seeds in a row."""
    return [Handout(task, seed + i, title) for i in range(count)]


def together(sheets: Sequence[Handout], with_key: bool) -> Document:
    """All sheets, each from a new page, then all keys."""
    blocks: list[Block] = []
    for number, sheet in enumerate(sheets):
        blocks += [PageBreak(), Heading(sheet.heading)] if number else []
        blocks += sheet.front
    for sheet in sheets if with_key else ():
        blocks += [PageBreak(), *sheet.back]
    return Document(sheets[0].heading, tuple(blocks))
