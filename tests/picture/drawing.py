"""Pictures as short strings, and what was found in them as short strings: for the tables of this room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

from seqdsl.ir.direction import Direction
from seqdsl.picture.blocks import DrawnBlock, find_blocks
from seqdsl.picture.grid import GridRow, scan
from seqdsl.picture.states import StateWires, find_states
from seqdsl.picture.trace import JunctionRef, StateRef, Trace, trace
from seqdsl.picture.trace import Source as Carried
from seqdsl.syntax.document import parse
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Source

_SIGNS = {
    None: "",
    Direction.FORWARD: ">",
    Direction.BACKWARD: "<",
    Direction.BIDIRECTIONAL: "=",
}


def rows(picture: str) -> str:
    """A picture without its indentation in the test."""
    return dedent(picture).strip("\n")


@dataclass(frozen=True)
class Drawn:
    """Every stage of a picture's geometry."""

    grid: list[GridRow]
    blocks: list[DrawnBlock]
    states: StateWires
    trace: Trace
    diagnostics: list[Diagnostic]

    @staticmethod
    def of(picture: str) -> Drawn:
        """Follow everything in ``picture``."""
        document, unread = parse(Source("test.seq", rows(picture)), "test")
        assert not unread
        grid, found = scan(document.pictures[0].rows)
        blocks, more = find_blocks(grid)
        found += more
        states, unclear = find_states(grid, blocks)
        traced, loose = trace(grid, states)
        # What a row that cannot be read leads to is not reported, there as here.
        return Drawn(grid, blocks, states, traced, found or unclear + loose)

    def problems(self) -> list[str]:
        """``code line:column`` of every finding, in the order of the text."""
        ordered = sorted(self.diagnostics, key=lambda item: item.span)
        return [f"{item.code} {item.span.line}:{item.span.column}" for item in ordered]

    def names(self) -> list[str]:
        """What a test calls each unit: its letter, with a number if it is drawn more than once."""
        letters = [
            self.grid[row].cells[column]
            for row, column in zip(self.trace.rows, self.trace.units, strict=True)
        ]
        many, seen = Counter(letters), Counter[str]()
        found = []
        for letter in letters:
            seen[letter] += 1
            found.append(f"{letter}{seen[letter]}" if many[letter] > 1 else letter)
        return found

    def wires(self) -> str:
        r"""What enters each unit: ``B|A C/A``; of a bus ``B|(A D)``; a final state is ``*H``."""
        names = self.names()
        found = []
        for unit, name in enumerate(names):
            sides = (("/", self.trace.slash), ("|", self.trace.pipe), ("\\", self.trace.back))
            seen = [
                f"{side}{self._show(source)}"
                for side, lane in sides
                if (source := lane[unit]) is not None
            ]
            if seen:
                found.append(name + "".join(seen))
        found += [
            f"{self.blocks[block].letter}<{self._show(source)}"
            for block, entries in self.trace.initial.items()
            for source, _ in entries
        ]
        return " ".join(found)

    def _show(self, source: Carried) -> str:
        if isinstance(source, StateRef):
            return f"*{self.blocks[source.block].letter}"
        if not isinstance(source, JunctionRef):
            return self.names()[source]
        inner = self.trace.junctions[source.number].sources
        return f"({' '.join(map(self._show, inner))})"

    def groups(self) -> str:
        """The blocks, bottom row first: letter, drawn nodes and ellipses, direction: ``H2.1>``."""
        return " ".join(
            f"{block.letter}{_parts(block)}{_SIGNS[block.direction]}" for block in self.blocks
        )

    def hands(self) -> str:
        """Handed states, ``E-D``, and junctions where state leaves, ``H^``, or enters, ``vD``."""
        letters = [block.letter for block in self.blocks]
        found = [
            f"{letters[h.giver]}{'=' if h.is_double else '-'}{letters[h.taker]}"
            for h in self.states.hands
        ]
        found += [
            f"{letters[t.block]}^" if t.leaves else f"v{letters[t.block]}"
            for row in sorted(self.states.terminals)
            for t in self.states.terminals[row]
        ]
        return " ".join(found)


def _parts(block: DrawnBlock) -> str:
    places = [stretch.after for stretch in block.stretches]
    edges = [0, *places, block.count]
    return ".".join(str(right - left or "") for left, right in pairwise(edges))
