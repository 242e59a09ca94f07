"""construct → note: what a writer says of the source while it writes it, for those who explain the source.

A note is data beside the source. Nobody has to look for a word in the source to know whether it was written.
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Parameter
    from seqdsl.targets.code import Statement

    Subject = Expression | int | None


class Idiom(Enum):
    """What a framework has its own words for; whether a note is about an expression, a block or the whole model."""

    READ = "an expression is read"
    STEPWISE = "the layer of a block works on each step"
    WINDOWS = "the layer of a block reads windows"
    POOLED = "a block combines all steps"
    SPLIT = "a block cuts a vector into steps"
    ATTENTION = "a block attends to all steps"
    BATCH = "the chains of a block run as one batch"
    SEQUENCE = "a recurrent block gives all of its steps"
    FINAL = "a recurrent block gives its final state only"
    STATE = "a recurrent block passes its state on"
    BIDIRECTIONAL = "a recurrent block is bidirectional"
    BACKWARD = "a recurrent block runs from right to left"
    START = "a recurrent block begins from a state"
    ROWS = "equal rows, of which a block is the top"
    MASKED = "padded steps of the model are skipped"
    LOOP = "blocks run together, step by step"
    FREE = "the length comes with the data"


@record(frozen=True)
class Note:
    """A construct that was written.

    Attributes:
        idiom: what it is.
        subject: the expression or the number of the block that it was written for; ``None``: the model.
        word: what the framework calls it, for people: a piece of code in backquotes, or words.
    """

    idiom: Idiom
    subject: Subject
    word: str


@record(frozen=True)
class Module:
    """Generated source, and what its writer says of it.

    Attributes:
        source: the text.
        parameters: what its builder takes: a framework may need no length that the picture sets.
        notes: the constructs in it, in the order in which they were written.
        builder: what makes the layers, as code.
        forward: what applies them, as code; empty where the builder does.
        lacks: what people may expect in it, and do not find: a sentence; empty: nothing.
    """

    source: str
    parameters: tuple[Parameter, ...]
    notes: tuple[Note, ...]
    builder: tuple[Statement, ...] = ()
    forward: tuple[Statement, ...] = ()
    lacks: str = ""

    @cached_property
    def _words(self) -> dict[tuple[Idiom, Subject], str]:
        # Of several places where one thing is written the first counts: later entries of a dictionary win.
        return {(item.idiom, item.subject): item.word for item in reversed(self.notes)}

    def word(self, idiom: Idiom, subject: Subject = None) -> str | None:
        """What the framework calls an idiom; ``None`` where nothing of it was written."""
        return self._words.get((idiom, subject))


def code(text: str) -> str:
    """A piece of code as people are shown it."""
    return f"`{text}`"
