"""loops → sentences: which rows run together step by step, and what they read of the steps before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.words import label, listed
from seqdsl.ir.loop_calls import lags_of_loops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.model.spec import ModelSpec


def loop_sentences(spec: ModelSpec) -> Iterator[str]:
    """A sentence for every loop: "`D` and `Y` run together, step by step: `D` reads `Y` one step earlier."."""
    for nodes, lags in lags_of_loops(spec).items():
        members = [label(spec, spec.blocks[node]) for node in nodes]
        together = "runs" if len(members) == 1 else "run together,"
        yield f"{listed(members)} {together} step by step: {listed(list(_reads(lags, spec)))}."


def _reads(lags: Iterable[tuple[int, int, int]], spec: ModelSpec) -> Iterator[str]:
    """What the members of a loop read of the steps before, each once."""
    # Of what is read at the same step the sentences about the rows speak.
    for node, source, steps in lags:
        if steps:
            here, there = label(spec, spec.blocks[node]), label(spec, spec.blocks[source])
            what = "itself" if source == node else there
            yield f"{here} reads {what} {'one step' if steps == 1 else f'{steps} steps'} earlier"
