"""state wires → what a letter gave before its first step: its initial state, or zero."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from seqdsl.ir.direction import Direction
from seqdsl.lowering.state_ends import is_one_step
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps
from seqdsl.picture.trace import StateRef
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.wired import Wired
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import Producer, Source

_FIRST, _ONE = Size.of(0), Size.of(1)


class _Reader(Protocol):
    """Follows wires: `seqdsl.lowering.operands.Reader`, which needs what is found here."""

    def flat(self, source: Source) -> tuple[Producer, ...]: ...

    def bus(self, source: Source) -> tuple[StridedAccess, ...]: ...


class Before:
    """What the blocks of a picture gave before their first steps.

    ::

        E-E-E-D-D      the first `d` is the final state of E; with `+--D-D` it would be what enters at the `+`
        | | | |/|/
        X X X d d
    """

    def __init__(self, wired: Wired, reader: _Reader) -> None:
        """Begin with the wires, and what reads them."""
        self._wired, self._reader = wired, reader
        self._letters = {block.letter: index for index, block in enumerate(wired.blocks)}

    def access(self, block: int, count: Size) -> StridedAccess | None:
        """What a block gave before its first step, for ``count`` steps that read it; ``None``: zero."""
        found = self._found(block)
        if found is None:
            return None
        return replace(found, count=count, stride=int(count == _ONE), initial=True)

    def _found(self, block: int) -> StridedAccess | None:
        for handoff in self._wired.states.handoffs:
            if handoff.destination == block:
                return StridedAccess(handoff.source, _FIRST, _ONE, final=True)
        for source, _ in self._wired.traced.initial.get(block, ()):
            flat = self._reader.flat(source)
            if len(flat) == 1 and isinstance(flat[0], StateRef):
                return StridedAccess(flat[0].block, _FIRST, _ONE, final=True)
            (one,) = self._reader.bus(source)
            return one
        return None

    def problems(self, delayed: DrawnBlock) -> Iterator[Diagnostic]:
        """Why a letter has no step before: it does not run from left to right, or begins with more than one value."""
        block = self._letters[delayed.letter.upper()]
        letter = self._wired.blocks[block].letter
        if self._wired.states.directions[block] is not Direction.FORWARD:
            yield Diagnostic(
                "SEQ216",
                f"`{delayed.letter}` is what `{letter}` gave one step earlier, but `{letter}` does not run from left "
                "to right",
                delayed.span,
                f"draw the state wires of `{letter}` with `-`",
                ((self._wired.blocks[block].span, f"`{letter}` reads later steps"),),
            )
            return
        for source, terminal in self._wired.traced.initial.get(block, ()):
            accesses = self._reader.bus(source)
            own = all(item.block < len(self._wired.blocks) for item in accesses)
            if not own or [item.count for item in accesses] != [_ONE]:
                yield Diagnostic(
                    "SEQ216",
                    f"`{delayed.letter}` begins with the initial state of `{letter}`, which is made of several values",
                    delayed.span,
                    "pass them through one node first, such as a `dense`",
                    ((terminal.span, "the initial state"),),
                )


def never_given(
    wired: Wired, blocks: Sequence[DrawnBlock], index: int, operands: Sequence[Operand]
) -> Iterator[Diagnostic]:
    """Delayed nodes that a block reads only before the first step of their letter, where they are zero."""
    for operand in operands:
        zeros = [item.before for item in operand.accesses if isinstance(item, ZeroSteps)]
        before = next((block for block in zeros if block is not None), None)
        if before is None or operand.read:
            continue
        #   *-H-*     the step before the first one is that of the call before
        #    /|
        #   y X
        if blocks[before].is_vector and is_one_step(wired.states, blocks):
            continue
        letter, delayed = blocks[before].letter, blocks[before].letter.lower()
        yield Diagnostic(
            "SEQ216",
            f"`{blocks[index].letter}` reads `{delayed}` only before the first step of `{letter}`, where it is zero",
            blocks[index].span,
            f"connect it to later steps of `{delayed}` as well, or remove the wire",
            ((blocks[before].span, f"the first step of `{letter}`"),),
        )
