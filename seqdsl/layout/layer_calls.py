"""blocks, rows, letters → the texts of layers: at the end of a row that has one, else as definitions below the picture.

::

    Y Y Y      dense(3)          a row of one layer, which is drawn nowhere else
    | | |
    H-H-H G-G                    H = lstm(4)     two layers in one row
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.letters import ANONYMOUS, default_name
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.reading import delay_of, family_of, names_rows, reads_of
from seqdsl.layout.same_wirings import is_named
from seqdsl.layout.wiring import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.layout.wiring import Block, Operand

_NAMING = ("tied", "feedback")
"""The arguments that name another layer: in a picture by its letter."""


class Calls:
    """Writes the calls of layers."""

    def __init__(
        self, blocks: Sequence[Block], rows: Sequence[int], letters: Mapping[str, str]
    ) -> None:
        """Begin with what is drawn: blocks, the row of each, and the letter of each layer."""
        self.blocks, self.rows, self.letters = blocks, rows, letters

    def written(self) -> tuple[dict[int, str], list[tuple[str, str]]]:
        """The layers at the ends of rows, where a row has one, and the definitions of the others."""
        rows_of: dict[str, set[int]] = {}
        in_row: dict[int, list[int]] = {}
        # A delayed node has no layer: its letter is that of another row.
        drawn = [item for item in enumerate(self.blocks) if delay_of(item[1]) is None]
        for at, block in drawn:
            rows_of.setdefault(block.layer, set()).add(self.rows[at])
            in_row.setdefault(self.rows[at], []).append(at)
        calls: dict[int, str] = {}
        definitions: dict[str, str] = {}
        for at, block in sorted(drawn, key=lambda item: self.rows[item[0]]):
            row, letter = self.rows[at], self.letters[block.layer]
            call = self._call(block, letter)
            if len(in_row[row]) == 1 and len(rows_of[block.layer]) == 1:
                calls[row] = call
            elif letter == ANONYMOUS:
                raise Unplaceable(
                    "it has more layers than there are letters",
                    "import parts of the model as models of their own",
                )
            elif definitions.setdefault(letter, call) != call:
                raise Unplaceable(
                    f"`{block.layer}` is one layer that is called in two ways",
                    "call it with the same arguments in all places, or a layer of its own in each",
                )
        return calls, list(definitions.items())

    def _call(self, block: Block, letter: str) -> str:
        """A call with the name of its layer, where it would have another one, and letters for layers that it names."""
        call = self._with_rows(block)
        for name, other in self.letters.items():
            for word in _NAMING:
                call = _renamed(call, f"{word}={name}", f"{word}={other}")
        if not self._needs_name(block, letter):
            return call
        named = f"name={block.layer}"
        return f"{call[:-1]}, {named})" if call.endswith(")") else f"{call}({named})"

    def _with_rows(self, block: Block) -> str:
        """A call with the letters of the rows that it names: ``attention(V, keys=M)``."""
        if family_of(block) is not Family.ATTENTION or not names_rows(block):
            return block.call
        memory, keys = (self._row_letter(operand) for operand in block.operands[1:])
        name, _, rest = block.call.partition("(")
        return f"{name}({memory}, keys={keys}{', ' + rest if rest else ')'}"

    def _row_letter(self, operand: Operand) -> str:
        """The letter of the row that an operand is all of."""
        (first, *_) = reads_of(operand)
        block = self.blocks[first.block]
        whole = tuple(Source(first.block, step) for step in range(block.steps or 1))
        letter = self.letters[block.layer]
        is_single = sum(item.layer == block.layer for item in self.blocks) == 1
        if tuple(reads_of(operand)) != whole or letter == ANONYMOUS or not is_single:
            raise Unplaceable(
                "the keys of an attention are of another layer than its values, and one of them is a part of a row, "
                "or several rows",
                "let all steps of one layer be its keys, and all steps of another its values",
            )
        return letter

    def _needs_name(self, block: Block, letter: str) -> bool:
        if default_name(letter, block.call) == block.layer:
            return False
        if is_named(block):
            return True
        # An output that passes on what a layer gives is named like it: there it is not said again.
        others = [item.layer for item in self.blocks if kind_of(item.call) != kind_of(block.call)]
        return family_of(block) is Family.OUTPUT and block.layer not in others


def _renamed(call: str, old: str, new: str) -> str:
    """A call with one argument replaced."""
    name, sign, rest = call.partition("(")
    if not sign:
        return call
    said = [new if item == old else item for item in rest[:-1].split(", ")]
    return f"{name}({', '.join(said)})"
