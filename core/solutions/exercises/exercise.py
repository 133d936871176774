"""An exercise: what is asked, what the right answer is, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.document import Block, Document, Heading, PageBreak, Paragraph
from core.solutions.exercises.marking_scheme import Points, scheme_table

VERSION: Final = 1
"""One more whenever a seed would give another sheet than before."""


@dataclass(frozen=True, eq=False)
class Exercise:
    """`task` for students, `key` for teachers; `worked` has the numbers of the key."""

    question: Mapping[str, object]
    """What is given, as the endpoint takes it that would solve it: arrays and names."""
    task: Document
    key: Document
    scheme: tuple[Points, ...]
    worked: WorkedOut

    def sheet(self, with_key: bool) -> Document:
        """The task, and on pages of their own the key and the marking scheme."""
        if not with_key:
            return self.task
        marking: tuple[Block, ...] = (
            PageBreak(),
            Heading("Marking scheme"),
            Paragraph(
                (
                    "A number that is right given an earlier slip gets its points: "
                    "points for a mistake are deducted only once.",
                )
            ),
            scheme_table(self.scheme),
        )
        key = (PageBreak(), Heading("Key"), *self.key.blocks)
        return Document(self.task.title, (*self.task.blocks, *key, *marking))
