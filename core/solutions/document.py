"""A worked solution or an exercise sheet as data, independent of the output format."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.solutions.drawing.diagram import Figure
from core.solutions.notation.tree import Math
from core.solutions.step import Reference, Sentence, Step


@dataclass(frozen=True)
class Heading:
    """The title of a part; level 1 for the parts of a document, 2 within them."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A sentence or several, with formulas in them."""

    sentence: Sentence


@dataclass(frozen=True, eq=False)
class Equations:
    """Formulas in a row of their own, not numbered: what is given."""

    formulas: tuple[Math, ...]


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawn network, with a caption for screen readers."""

    figure: Figure
    caption: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a page of its own."""


Block = Heading | Paragraph | Equations | Step | Picture | Table | PageBreak


@dataclass(frozen=True, eq=False)
class Document:
    """Blocks in reading order; its steps are numbered from 1."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def steps(self) -> Iterator[Step]:
        """The steps alone, in order."""
        return (block for block in self.blocks if isinstance(block, Step))

    @cached_property
    def _numbers(self) -> tuple[dict[int, int], dict[int, int | None]]:
        """Numbers by identity: of each step, and of the step that each reference means.

        Several derivations in a document, such as the keys of a class, have steps of the same `id`.
        """
        of_steps: dict[int, int] = {}
        of_references: dict[int, int | None] = {}
        derivation: dict[str, int] = {}
        for number, step in enumerate(self.steps, start=1):
            if step.id in derivation:
                derivation = {}
            of_steps[id(step)] = derivation[step.id] = number
            for item in step.note:
                if isinstance(item, Reference):
                    of_references[id(item)] = derivation.get(item.id)
        return of_steps, of_references

    def number(self, step: Step) -> int:
        """The number by which the step is referred to."""
        return self._numbers[0][id(step)]

    def referred(self, reference: Reference) -> int | None:
        """The number of the step meant in a note; None where the document leaves it out."""
        return self._numbers[1][id(reference)]
