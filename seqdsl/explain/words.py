"""sizes and blocks → words: the words of explanations for lengths, widths and rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.passes.shared_rnn_calls import batch_of
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Shape
    from seqdsl.model.spec import Block, ModelSpec

ANY = "any"


def length(spec: ModelSpec, size: Size) -> int | str:
    """A size as a number; where it is free, as its name, or ``"any"`` if it has none."""
    free = size.names & set(spec.free)
    if not free:
        return size.value(spec.defaults)
    if any(name.startswith("_") for name in free):
        return ANY
    return str(size.subs(spec.defaults))


def counted(number: int | str, noun: str) -> str:
    """A number of things: ``1 step``, ``6 steps``, ``n steps``, ``any number of steps``."""
    if number == ANY:
        return f"any number of {noun}s"
    return f"{number} {noun}{'' if number == 1 else 's'}"


def steps(spec: ModelSpec, size: Size) -> str:
    """A length in words."""
    return counted(length(spec, size), "step")


def features(spec: ModelSpec, size: Size) -> str:
    """A width in words, with the parameter that sets it."""
    names = sorted(size.names & {item.name for item in spec.parameters})
    count = counted(length(spec, size), "feature")
    return f"{count} (`{size}`)" if names else count


def held(spec: ModelSpec, block: Block) -> str:
    """What a step holds: ``3 features``, or of an image ``16×16 places of 3 features``."""
    wide = features(spec, block.features)
    return f"{_places(spec, block)} of {wide}" if block.grid else wide


def tokens(spec: ModelSpec, block: Block) -> str:
    """How many ids an input has: ``one token``, ``4 steps of tokens``, ``4 steps of 12 tokens each``."""
    if block.steps is None:
        return f"{_places(spec, block)} of tokens" if block.grid else "one token"
    each = f"{counted(length(spec, block.grid[0]), 'token')} each" if block.grid else "tokens"
    return f"{steps(spec, block.steps)} of {each}"


def _places(spec: ModelSpec, block: Block) -> str:
    sides = [length(spec, side) for side in block.grid]
    return f"{'×'.join(map(str, sides))} {'place' if set(sides) == {1} else 'places'}"


def units(block: Block, spec: ModelSpec) -> str:
    """The units of a layer in words, with the features of a step where they are others."""
    assert block.layer is not None
    given, held = block.layer.units, block.layer.arguments.get("units")
    # lstm(64, projection=32): it is called a layer of 64 units, and gives 32 features.
    size = held if isinstance(held, Size) else given
    named = f" (`{size}`)" if size.names & {item.name for item in spec.parameters} else ""
    wide = "" if size == given else f", {counted(length(spec, given), 'feature')} a step,"
    return f"{counted(length(spec, size), 'unit')}{named}{wide}"


def shape(spec: ModelSpec, sizes: Shape) -> str:
    """A shape without the batch."""
    parts = [str(length(spec, size)) for size in sizes]
    return f"({', '.join(parts)}{',' * (len(parts) == 1)})"


def label(spec: ModelSpec, block: Block) -> str:
    """The words for a block: its letter, with its line if several blocks have that letter."""
    if batch_of(block):
        return f"the chains of `{block.letter}`"
    # `H` if no other block has that letter, "`H` of line 3" if none in that line has, else with its column.
    letters, lines = spec.label_counts
    in_line = lines[block.letter, block.span.line]
    if block.letter == ANONYMOUS:
        return f"the `O` of {f'line {block.span.line}' if in_line == 1 else _place(block)}"
    if letters[block.letter] == 1:
        return f"`{block.letter}`"
    return f"`{block.letter}` of {f'line {block.span.line}' if in_line == 1 else _place(block)}"


def _place(block: Block) -> str:
    return f"line {block.span.line}, column {block.span.column}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts as a list in a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{comma(parts)} {word} {parts[-1]}"


def comma(parts: Sequence[str]) -> str:
    """What is before the last "and": "`C`, repeated at each of 3 steps, and `Z`"; empty where no part has one."""
    # A shape, (6,), and what is in parentheses otherwise ends by itself.
    return "," * any("," in re.sub(r"\(.*\)", "", part) for part in parts[:-1])
