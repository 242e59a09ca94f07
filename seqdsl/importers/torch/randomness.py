"""module that draws random numbers in `forward` → whether what it does depends on them.

Numbers that stay numbers are values like any others, of which the language has none (`choices`). A single number may
decide what is done, as in random teacher forcing::

    y = target[:, t] if random.random() < 0.5 else prediction

A run sees one side of it alone, so a module that draws is run several times, from other seeds.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.nodes import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.importers.torch.draft import Draft

SEEDS = range(1, 7)
"""Of six numbers that decide by halves, one is above and one below in 31 of 32 models."""

REASON = "what it does depends on a number that `forward` draws at random, as with random teacher forcing"
WAY = (
    "let an argument of `__init__` decide instead, and import the module with one choice: all targets as inputs "
    "(`feedback=` then lets the generated model run free), or its own outputs"
)


class Draws:
    """Whether random numbers were drawn in a run.

    Attributes:
        any: whether there were; known when the run has ended.
    """

    any = False


@contextmanager
def seeded(seed: int) -> Iterator[Draws]:
    """Let all generators of random numbers begin with a seed, and go on afterward where they were."""
    draws = Draws()
    mine, numpys = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        before = _state()
        try:
            yield draws
        finally:
            draws.any = _state() != before
            random.setstate(mine)
            np.random.set_state(numpys)


def _state() -> tuple[object, ...]:
    """Where the generators are."""
    _, keys, place, *_ = np.random.get_state()
    numbers = torch.get_rng_state().numpy().tobytes()
    return random.getstate(), np.asarray(keys).tobytes(), place, numbers


def settled(run: Callable[[], Draft]) -> Draft:
    """What a run comes to, whatever numbers it draws.

    Args:
        run: runs the module once.

    Raises:
        Refused: that depends on them.
    """
    with seeded(0) as draws:
        draft = run()
    if not draws.any:
        return draft
    told = _told(draft)
    for seed in SEEDS:
        with seeded(seed):
            if _told(run()) != told:
                raise Refused(REASON, WAY)
    return draft


def _told(draft: Draft) -> list[Any]:
    """What was done in a run: which layers were called, and what they read."""
    return [
        (node.word, node.arguments, node.layer, node.operands, node.begins, node.steps)
        for node in draft.nodes.values()
    ] + [result.rows for result in draft.results]
