"""Sheets to hand out: title, name line and code; several sheets with their keys at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.errors import TooLong
from core.solutions.document import Block, Document, Heading, PageBreak, Paragraph
from core.solutions.exercises.exercise import Exercise
from core.solutions.exercises.marking_scheme import scheme_table, total_points
from core.solutions.exercises.network_exercise import network_exercise
from core.solutions.exercises.relu_exercise import ReluTask, relu_exercise
from core.solutions.exercises.sheet_code import Task, code_of, task_of

MAX_TASKS = 6
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
    def parts(self) -> tuple["Handout", ...]:
        """The sheet itself, as the only task on it."""
        return (self,)

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


@dataclass(frozen=True, eq=False)
class SeveralTasks:
    """One sheet with the tasks of several codes."""

    parts: tuple[Handout, ...]
    title: str | None = None

    @property
    def code(self) -> str:
        """The codes of the tasks, separated by commas; they bring the sheet back."""
        return ",".join(part.code for part in self.parts)

    @property
    def heading(self) -> str:
        """The teacher's title, or how many tasks there are."""
        return self.title or f"Exercises: {len(self.parts)} tasks"

    @property
    def front(self) -> tuple[Block, ...]:
        """The name line, the code and the points of all, then task by task."""
        worth = sum(total_points(part.exercise.scheme) for part in self.parts)
        head = (Paragraph((NAME_LINE,)), Paragraph((f"Sheet {self.code}, {worth} points.",)))
        tasks: list[Block] = []
        for number, part in enumerate(self.parts, start=1):
            points = total_points(part.exercise.scheme)
            name = part.exercise.task.title.removeprefix("Exercise: ")
            tasks.append(Heading(f"Task {number}: {name} ({points} points)"))
            tasks += [_lowered(block) for block in part.exercise.task.blocks]
        return (*head, *tasks)

    @property
    def back(self) -> tuple[Block, ...]:
        """The keys and the marking schemes, task by task."""
        return tuple(block for part in self.parts for block in part.back)

    def document(self, with_key: bool) -> Document:
        """The sheet, and on pages of their own its keys and schemes."""
        back = (PageBreak(), *self.back) if with_key else ()
        return Document(self.heading, (*self.front, *back))

    @property
    def key(self) -> Document:
        """The keys alone."""
        return Document(f"Key of {self.code}", self.back)


Sheet = Handout | SeveralTasks


def _lowered(block: Block) -> Block:
    """A heading within a task stands one level below that of the task."""
    return Heading(block.text, block.level + 1) if isinstance(block, Heading) else block


def handouts(task: Task, seed: int, count: int, title: str | None = None) -> list[Sheet]:
    """Sheets of `count` seeds in a row."""
    return [Handout(task, seed + i, title) for i in range(count)]


def handouts_of_tasks(
    tasks: Sequence[tuple[Task, int]], count: int, title: str | None = None
) -> list[Sheet]:
    """Sheets with all tasks, each of its seed; on every further sheet the seeds are one larger."""
    if len(tasks) == 1:
        return handouts(*tasks[0], count, title)
    return [
        SeveralTasks(tuple(Handout(task, seed + i) for task, seed in tasks), title)
        for i in range(count)
    ]


def handouts_of_codes(text: str, count: int, title: str | None = None) -> list[Sheet]:
    """Sheets of `count` seeds in a row, from codes separated by commas, one for each task.

    Raises `OutOfDomain` for what is no code and `TooLong` for more than `MAX_TASKS`.
    """
    codes = text.split(",")
    if len(codes) > MAX_TASKS:
        raise TooLong(
            f"{len(codes)} tasks are too many for a sheet; it takes {MAX_TASKS}", ("code",)
        )
    return handouts_of_tasks([task_of(code) for code in codes], count, title)


def together(sheets: Sequence[Sheet], with_key: bool) -> Document:
    """All sheets, each from a new page, then all keys."""
    blocks: list[Block] = []
    for number, sheet in enumerate(sheets):
        blocks += [PageBreak(), Heading(sheet.heading)] if number else []
        blocks += sheet.front
    for sheet in sheets if with_key else ():
        blocks += [PageBreak(), *sheet.back]
    return Document(sheets[0].heading, tuple(blocks))
