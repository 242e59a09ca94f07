"""loops → sentences: which rows run together step by step, and what they read of the steps before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.words import label, listed
from seqdsl.ir.loop_sources import lags_of
from seqdsl.ir.loops import find_loops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.loops import Loop
    from seqdsl.model.spec import ModelSpec


def loop_sentences(spec: ModelSpec) -> Iterator[str]:
    """A sentence for every loop: "`D` and `Y` run together, step by step: `D` reads `Y` one step earlier."."""
    for loop in find_loops(spec):
        members = [label(spec, spec.blocks[member.node]) for member in loop.members]
        together = "runs" if len(members) == 1 else "run together,"
        yield f"{listed(members)} {together} step by step: {listed(list(_reads(loop, spec)))}."


def _reads(loop: Loop, spec: ModelSpec) -> Iterator[str]:
    """What the members of a loop read of the steps before, each once."""
    for member in loop.members:
        # Of what is read at the same step the sentences about the rows speak.
        lags = {
            (lag.member, lag.drawn)
            for read in member.reads
            for piece in read.pieces
            for lag in lags_of(piece.read)
            if lag.drawn
        }
        for source, steps in sorted(lags):
            here, there = label(spec, spec.blocks[member.node]), label(spec, spec.blocks[source])
            what = "itself" if source == member.node else there
            yield f"{here} reads {what} {'one step' if steps == 1 else f'{steps} steps'} earlier"
