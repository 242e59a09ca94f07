"""text with ellipses and lengths → the text of the same picture, drawn in full."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase

from tests.drawn_out.grid import read
from tests.drawn_out.picture import Entries, Picture
from tests.drawn_out.roles import ANONYMOUS, calls, layer, with_queries
from tests.drawn_out.text import parse
from tests.drawn_out.unroll import Lengths, Plan, unroll
from tests.drawn_out.write import write


@dataclass(frozen=True)
class Elided:
    """A file whose picture has ellipses.

    Attributes:
        picture: its picture.
        calls: the call of each block.
        letters: the letter of each block when it is drawn in full; each `O` gets one of its own.
        values: the parameters, as they are written.
        cells: the lines of the file's cells.
    """

    picture: Picture
    calls: tuple[str, ...]
    letters: tuple[str, ...]
    values: dict[str, str]
    cells: tuple[str, ...] = ()

    def in_full(self, lengths: Lengths) -> str:
        """The file with its picture drawn in full.

        Raises:
            Unclear: the picture does not say what its elided steps are, or cannot have these lengths.
        """
        names = Plan(self.picture, lengths).names()
        values = {name: value for name, value in self.values.items() if name not in names}
        text = text_of(
            unroll(self.picture, lengths), self.calls, self.letters, values | _set(names)
        )
        # The cells first, as they were, and the blank line that ends the last one.
        return "\n".join([*self.cells, "", text]) if self.cells else text

    def undrawable(self, lengths: Lengths) -> str:
        """Why the language cannot draw these lengths in full, if it cannot.

        A sequence of one step is drawn as one node, which is a vector. Mostly that computes the same.
        """
        plan = Plan(self.picture, lengths)
        short = {i for i, block in enumerate(self.picture.blocks) if plan.total(i) == 1}
        for index in short:
            block = self.picture.blocks[index]
            others = [b for b in self.picture.blocks if b.row == block.row]
            if _is_bidirectional(self.picture, index):
                return "one step that runs both ways"
            if (
                block.touched
                and not block.is_vector
                and sum(b.letter == block.letter for b in others) > 1
            ):
                return "chains of one step side by side"
            if not block.is_vector and _is_named(block.letter, self.calls):
                return "a named row of one step"
        if any(_is_left_over(self.picture, plan, key) for key in plan.elided):
            return "a part that only elided steps read, of which there are none"
        for index, block in enumerate(self.picture.blocks):
            below = {s.block for entry in block.entries for bus in entry for s in bus}
            kind = layer(self.calls[index])
            if kind == "conv" and short & {index, *below}:
                return "a convolution over one step"
            if kind == "attention" and any(
                len(bus) == 1 != len(before)
                for step, wires in enumerate(block.entries)
                for before, bus in zip(
                    wires,
                    unroll(self.picture, lengths).blocks[index].entries[plan.position(index, step)],
                    strict=True,
                )
            ):
                return "a memory of one step"
        return ""


def _is_named(letter: str, layers: tuple[str, ...]) -> bool:
    """Whether a layer reads a row by its name, as ``multiply(N)`` does: in full, one node has no steps to read."""
    return any(re.search(rf"\b{letter}\b", call.partition("(")[2]) for call in layers)


def _is_left_over(picture: Picture, plan: Plan, key: tuple[int, int]) -> bool:
    r"""Whether an ellipsis at an end that elides nothing leaves a part of the block below to nobody.

    Only the elided ``C`` read the ``T`` over ``L``; without them it would be an output of its own::

        ... C C
             \ \
        ... T T T
            | | |
        ... L G G
    """
    block = picture.blocks[key[0]]
    gap = block.gaps[key[1]]
    if plan.elided[key] or 0 < gap.after < block.count:
        return False
    edge = 0 if gap.after == 0 else block.count - 1
    for source in {one for bus in block.entries[edge] if len(bus) == 1 for one in bus}:
        below = picture.blocks[source.block]
        outer = 0 if edge == 0 else below.count - 1
        if source.step >= 0 and _read(below.entries[source.step]) != _read(below.entries[outer]):
            return True
    return False


def _read(entry: Entries) -> set[int]:
    return {source.block for bus in entry for source in bus}


def _is_bidirectional(picture: Picture, index: int) -> bool:
    marks = [mark for mark in picture.rows[0] if mark.block == index]
    for row in picture.rows:
        marks = [mark for mark in row if mark.block == index]
        if marks:
            return any(mark.join == "=" for mark in marks[:-1])
    return False


def _set(names: dict[str, int]) -> dict[str, str]:
    return {name: str(value) for name, value in names.items()}


def elided(text: str) -> Elided:
    """Read a file of one model."""
    parts = parse(text)
    picture = read(parts)
    layers = calls(parts, picture)
    free = [letter for letter in reversed(ascii_uppercase) if letter != ANONYMOUS]
    taken = {block.letter for block in picture.blocks}
    fresh = iter([letter for letter in free if letter not in taken])
    letters = [
        next(fresh) if block.letter == ANONYMOUS else block.letter for block in picture.blocks
    ]
    return Elided(
        with_queries(picture, layers), tuple(layers), tuple(letters), parts.values, parts.cells
    )


def text_of(
    picture: Picture, layers: tuple[str, ...], letters: tuple[str, ...], values: dict[str, str]
) -> str:
    """The text of a picture without ellipses."""
    lines = write(picture, letters)
    known = dict(zip(letters, layers, strict=True))
    definitions = [f"{letter} = {call}" for letter, call in sorted(known.items())]
    numbers = [f"{name} = {value}" for name, value in sorted(values.items())]
    return "\n".join([*lines, "", *definitions, *numbers]) + "\n"
