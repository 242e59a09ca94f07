"""How long compiling takes, as ratios in one run: against bare networkx, and from length to length.

    make bench

Every figure is the least of several runs, taken in turn, so that a machine that drifts does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import networkx as nx

from seqdsl.pipeline import TARGETS, analyze

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDS = 5


def least(*tasks: Callable[[], object]) -> list[float]:
    """The least seconds of each task, the tasks taken in turn."""
    times = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, taken in zip(tasks, times, strict=True):
            start = time.perf_counter()
            task()
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in times]


def wide(steps: int) -> str:
    """Three rows of so many steps."""
    nodes, wires = "O " * steps, "| " * steps
    return "\n".join([nodes, wires, nodes, wires, nodes])


def bare(steps: int) -> nx.DiGraph:
    """The same nodes and edges as `wide`, built with networkx and nothing else."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(3 * steps))
    graph.add_edges_from((unit, unit + steps) for unit in range(2 * steps))
    graph.add_edges_from((unit, unit + 1) for unit in range(steps, 2 * steps - 1))
    return graph


def growth() -> None:
    """Pictures of growing width against the bare graph."""
    for steps in (1_000, 10_000, 100_000):
        picture = wide(steps)
        ours, theirs = least(partial(analyze, picture), partial(bare, steps))
        print(f"3 rows x {steps:>7,} steps: {ours / theirs:5.2f} times the bare networkx.DiGraph")


def named_length() -> None:
    """A named length of a million against one of ten."""
    text = (EXAMPLES / "named-length.seq").read_text("utf-8")
    long, short = least(
        lambda: analyze(text.replace("n = 100", "n = 1000000")),
        lambda: analyze(text.replace("n = 100", "n = 10")),
    )
    print(f"n = 1,000,000: {long / short:5.2f} times n = 10")


def ordinary() -> None:
    """All examples, from text to the source of both frameworks."""
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.seq"))]
    models = [model for text in texts for model in analyze(text).models]

    def everything() -> None:
        for text in texts:
            for model in analyze(text).models:
                for target in TARGETS:
                    model.source(target)

    (seconds,) = least(everything)
    print(
        f"{len(models)} ordinary models, text to both sources: {1000 * seconds / len(models):.2f} ms each"
    )


if __name__ == "__main__":
    growth()
    named_length()
    ordinary()
