"""pictures → how long the compiler takes, as ratios: cold, warm, with growing pictures, and in memory.

python -m benchmarks.compile
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import networkx as nx

from benchmarks.timing import least, once, short, table
from seqdsl.api import analyze
from seqdsl.targets import TARGETS

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
ONE = EXAMPLES / "stacked.seq"
COLD_ROUNDS = 15

COLD = {
    "seqdsl --help": (["--help"], "import click"),
    "seqdsl check": (["check", str(ONE)], "import lark, networkx"),
    "seqdsl generate": (
        ["generate", str(ONE), "--to", "torch"],
        "import lark, networkx, jinja2",
    ),
}
"""Each command's arguments, and the bare import of what it stands on."""

SIZES = (
    (3, 1_000),
    (3, 10_000),
    (3, 100_000),
    (3, 333_333),
    (100, 100),
    (1_000, 100),
    (10_000, 100),
)
"""Rows and steps of pictures, to a million cells."""


def quietly(arguments: list[str]) -> None:
    """Run a process to its end, with compiled modules kept as installers keep them."""
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    subprocess.run(arguments, check=True, env=environment, stdout=subprocess.DEVNULL)


def cold() -> dict[str, list[float]]:
    """Seconds of each command and of the bare import of what it stands on; the bare interpreter's."""
    python = sys.executable
    script = str(Path(python).with_name("seqdsl"))
    ours = [partial(quietly, [script, *arguments]) for arguments, _ in COLD.values()]
    bare = [partial(quietly, [python, "-c", floor]) for _, floor in COLD.values()]
    for task in (*ours, *bare):
        task()
    empty = partial(quietly, [python, "-c", "pass"])
    start, *times = least(empty, *ours, *bare, rounds=COLD_ROUNDS, slice_=0)
    pairs = zip(times[: len(COLD)], times[len(COLD) :], strict=True)
    found = {name: list(pair) for name, pair in zip(COLD, pairs, strict=True)}
    return {**found, "python -c pass": [start, start]}


def sources(texts: list[str]) -> None:
    """Each text to the source of both frameworks."""
    for text in texts:
        for model in analyze(text).models:
            for target in TARGETS:
                model.source(target)


def warm() -> dict[str, list[float]]:
    """Seconds for one picture, and for a thousand, to both sources; how many models they are."""
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.seq"))]
    thousand = (texts * 8)[:1_000]
    models = sum(len(analyze(text).models) for text in thousand)
    sources(texts)
    single = partial(sources, [ONE.read_text("utf-8")])
    one, many = least(single, partial(sources, thousand), rounds=5)
    return {"one picture": [one, 1], "1,000 pictures": [many, models]}


def picture(rows: int, steps: int) -> str:
    """So many rows of so many steps."""
    nodes, wires = "O " * steps, "| " * steps
    return "\n".join([nodes, *([wires, nodes] * (rows - 1))])


def bare(rows: int, steps: int) -> nx.DiGraph:
    """The same nodes and edges as `picture`, built with networkx and nothing else."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(rows * steps))
    graph.add_edges_from((unit, unit + steps) for unit in range((rows - 1) * steps))
    graph.add_edges_from(
        (unit, unit + 1) for unit in range(steps, (rows - 1) * steps) if (unit + 1) % steps
    )
    return graph


def growth() -> dict[str, list[float]]:
    """Seconds and peak memory of pictures and of their bare graphs, each in a process of its own."""
    found = {}
    for rows, steps in SIZES:
        tries = [[_apart(kind, rows, steps) for kind in ("ours", "bare")] for _ in range(3)]
        key = f"{rows:,} rows of {steps:,} steps"
        found[key] = [min(each[side][what] for each in tries) for what in (0, 1) for side in (0, 1)]
    return found


def _apart(kind: str, rows: int, steps: int) -> list[float]:
    alone = ["--alone", kind, str(rows), str(steps)]
    arguments = [sys.executable, "-m", "benchmarks.compile", *alone]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=ROOT)
    found: list[float] = json.loads(done.stdout)
    return found


def _peak() -> float:
    """The most memory that this process ever had, in bytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def alone(kind: str, rows: int, steps: int) -> list[float]:
    """The seconds and the bytes that one picture, or its bare graph, takes beyond what was there."""
    analyze("O\n|\nO")
    text = picture(rows, steps) if kind == "ours" else ""
    gc.collect()
    before = _peak()
    seconds = once(partial(analyze, text) if kind == "ours" else partial(bare, rows, steps))
    return [seconds, max(_peak() - before, 1)]


def sections(figures: dict[str, dict[str, list[float]]]) -> dict[str, str]:
    """The tables, by what they are about."""
    known = dict(figures["cold"])
    start = known.pop("python -c pass")[0]
    cold_rows = [
        [f"`{name}`", f"{ours / theirs:.2f}", short(ours), short(theirs), f"`{COLD[name][1]}`"]
        for name, (ours, theirs) in known.items()
    ]
    warm_rows = [
        [name, short(seconds / count)] for name, (seconds, count) in figures["warm"].items()
    ]
    growth_rows = [
        [name, f"{a / b:.2f}", *_memory(m, k), short(a)]
        for name, (a, b, m, k) in figures["growth"].items()
    ]
    head = ["picture", "time / bare graph", "memory / bare graph", "memory", "takes"]
    return {
        "cold": table(["command", "ratio", "takes", "floor takes", "floor"], cold_rows)
        + f"\n\nThe bare interpreter (`python -c pass`) takes {short(start)}.",
        "warm": table(["text to both sources", "each model"], warm_rows),
        "growth": table(head, growth_rows),
    }


def _memory(ours: float, bare: float) -> tuple[str, str]:
    """How much memory a picture takes, over its bare graph's; too little to tell is not told."""
    if bare < 16 * 2**20:
        return "–", "–"
    return f"{ours / bare:.2f}", f"{ours / 2**20:,.0f} MiB"


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--alone", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args()
    if chosen.alone:
        kind, rows, steps = chosen.alone
        print(json.dumps(alone(kind, int(rows), int(steps))))
        return
    figures = {"cold": cold(), "warm": warm(), "growth": growth()}
    if chosen.json:
        chosen.json.write_text(json.dumps(figures), "utf-8")
    for text in sections(figures).values():
        print(text, end="\n\n")


if __name__ == "__main__":
    main()
