"""model → notes: the text beside each row of a drawing, on each of its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.labels import block_shape, call_text, facts_text, name_text, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.lowering.compiled import CompiledModel

_MOST_NAMES = 28
_MOST_TIPS = 12


class Entry(NamedTuple):
    """The text on the blocks of a row that are one layer, or look like one.

    Attributes:
        call: their letter and layer.
        facts: the names of their values and their shape.
        blocks: the blocks, left to right.
    """

    call: str
    facts: str
    blocks: tuple[int, ...]


def find_entries(model: CompiledModel, indices: Iterable[int]) -> list[Entry]:
    """The entries of a row, left to right."""
    # Blocks with one call and one shape are one entry: two chains `H-H H-H` of a row have one note.
    groups: dict[tuple[str, str], list[int]] = {}
    for index in indices:
        groups.setdefault((call_text(model, index), block_shape(model, index)), []).append(index)
    return [
        Entry(call, _facts(model, blocks), tuple(blocks)) for (call, _), blocks in groups.items()
    ]


def _facts(model: CompiledModel, blocks: Sequence[int]) -> str:
    names = list(dict.fromkeys(filter(None, (name_text(model, index) for index in blocks))))
    shape = block_shape(model, blocks[0])
    if len(blocks) > 1:
        if _is_one_row(model, blocks):
            shape = _joined_shape(model, blocks)
        elif len(names) < len(blocks):
            # One name for all of them: each has the shape, and there is no value that would have all their steps.
            shape = f"{len(blocks)} × {shape}"
    return f"{shortened(', '.join(names), _MOST_NAMES)} {shape}".strip()


def _is_one_row(model: CompiledModel, blocks: Sequence[int]) -> bool:
    """Whether blocks are chains of one row, which gives one sequence; otherwise a layer is applied several times.

    ::

        H-H-H H-H-H     one row of six steps        L-L L-L     a layer shared by two inputs
        | | | | | |                                 | | | |
        X X X X X X                                 X X Z Z
    """
    layers = {block.layer.name for i in blocks if (block := model.spec.blocks[i]).layer is not None}
    sources = {frozenset(model.spec.graph.predecessors(index)) for index in blocks}
    is_vector = any(model.drawing.blocks[index].is_vector for index in blocks)
    return len(layers) == 1 and len(sources) == 1 and not is_vector


def _joined_shape(model: CompiledModel, blocks: Sequence[int]) -> str:
    # (n, 4) and (m, 4) one after the other are (n + m, 4): lengths are added as they are written.
    shapes = [model.spec.blocks[index].shape for index in blocks]
    steps = shapes[0][0]
    for shape in shapes[1:]:
        steps = steps + shape[0]
    return model.shape_text((steps, *shapes[0][1:]))


def tip(model: CompiledModel, entries: Sequence[Entry]) -> str:
    """The text where one points at a note: everything in full."""
    return "; ".join(_tips(model, entries))


def _tips(model: CompiledModel, entries: Sequence[Entry]) -> Iterator[str]:
    # A row may have thousands of blocks, and a tip has to fit a screen.
    blocks = sorted(index for entry in entries for index in entry.blocks)
    for index in blocks[:_MOST_TIPS]:
        yield f"{call_text(model, index)}, {facts_text(model, index)}"
