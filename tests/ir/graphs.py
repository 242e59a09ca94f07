"""Graphs to try things on: those of all examples, of pinned and of random pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from seqdsl.ir.graph import Graph
from seqdsl.pipeline import analyze
from tests.compiled import analyzed
from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [*(ROOT / "examples").glob("**/*.seq"), *(ROOT / "tests" / "pinned").glob("**/*.seq")]
)
CHUNKS = 10


def of_text(text: str | bytes, name: str) -> tuple[Graph, ...]:
    return tuple(model.spec.ir for model in analyze(text, name).models)


@cache
def drawn() -> tuple[Graph, ...]:
    """The graphs of all pictures that people drew."""
    return tuple(model.spec.ir for path in FILES for model in analyzed(path).models)


def random_graphs(chunk: int, count: int, first: int) -> Iterator[tuple[int, Graph]]:
    """The graphs of a part of ``count`` random pictures, each with its seed."""
    size = count // CHUNKS
    for seed in range(first + chunk * size, first + (chunk + 1) * size):
        for graph in of_text(random_picture(seed), "model.seq"):
            yield seed, graph
