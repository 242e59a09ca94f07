"""pictures with feedback → what a step of `generate` costs: late beside early, and beside what is written by hand.

    python -m benchmarks.generation [torch] [keras] [--json FILE]

Each picture of `benchmarks/pictures/free`, 128 units, batches of 4, one thread. A step is one call of the generated
`decode`; of the runs that are measured, the least time of each step counts.
"""

from __future__ import annotations

import argparse
import inspect
import json
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.models import quiet
from benchmarks.timing import least, short, table
from seqdsl import compile as compile_seq
from seqdsl.targets import write
from seqdsl.verify.build import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl import Model

PICTURES = Path(__file__).parent / "pictures" / "free"
SIZES = {"units": 128, "width": 64}
BATCH = 4
MEMORY = 20
"""How many steps an encoder reads."""

EARLY, LATE = slice(10, 30), slice(990, 1010)
STEPS = 1010
RUNS = 5
BY_HAND_STEPS = 256
HAND = "benchmarks.handwritten.torch_generation"


def arguments(model: Model, target: str) -> tuple[list[Any], Any]:
    """A batch for every input that is not fed, and the first ids."""
    import numpy as np

    random = np.random.default_rng(0)
    count = sum(item.feedback is None for item in model.spec.inputs)
    others = [random.integers(1, 100, (BATCH, MEMORY), dtype="int32") for _ in range(count)]
    start = random.integers(1, 100, BATCH, dtype="int32")
    if target != "torch":
        return others, start
    import torch

    return [torch.from_numpy(item) for item in others], torch.from_numpy(start)


def generator(model: Model, target: str) -> tuple[Any, Callable[[int], Any]]:
    """What has the `decode` that a run calls, and what runs so many steps."""
    module = write(model.spec, target)
    taken = {item.name for item in module.parameters}
    loaded = load(module.source, model.name)
    sizes = {name: size for name, size in SIZES.items() if name in taken}
    built = loaded.build_model(**sizes)
    inputs, start = arguments(model, target)
    if target == "keras":
        return loaded, lambda steps: loaded.generate(built, *inputs, start=start, steps=steps)
    return built, lambda steps: built.generate(*inputs, start=start, steps=steps)


def seconds_of_steps(owner: Any, run: Callable[[int], Any]) -> list[float]:
    """The least seconds of each step, from the call of `decode` to its end."""
    decode = owner.decode
    best = [float("inf")] * STEPS
    number = 0

    def timed(*args: Any, **options: Any) -> Any:
        nonlocal number
        begin = time.perf_counter()
        found = decode(*args, **options)
        best[number] = min(best[number], time.perf_counter() - begin)
        number += 1
        return found

    owner.decode = timed
    for _ in range(RUNS):
        number = 0
        run(STEPS)
    owner.decode = decode
    return best


def measured(target: str, name: str) -> dict[str, float]:
    """Seconds of an early and of a late step, and of a run beside the one that is written by hand."""
    model = compile_seq((PICTURES / f"{name}.seq").read_text("utf-8"), f"{name}.seq")
    owner, run = generator(model, target)
    run(3)
    steps = seconds_of_steps(owner, run)
    found = {key: statistics.median(steps[at]) for key, at in (("early", EARLY), ("late", LATE))}
    build = (
        getattr(import_module(HAND), name.replace("-", "_"), None) if target == "torch" else None
    )
    if build is not None:
        taken = inspect.signature(build).parameters
        by_hand = build(**{key: size for key, size in SIZES.items() if key in taken})
        (*_, start) = arguments(model, target)
        ours, theirs = least(
            lambda: run(BY_HAND_STEPS), lambda: by_hand.generate(start, BY_HAND_STEPS), rounds=5
        )
        found |= {"generated": ours, "by hand": theirs}
    return found


def rows_of(figures: dict[str, dict[str, dict[str, float]]]) -> list[list[str]]:
    """The rows of the table."""
    rows = []
    for target, pictures in figures.items():
        for name, found in pictures.items():
            late = f"{found['late'] / found['early']:.2f}"
            hand = f"{found['generated'] / found['by hand']:.2f}" if "by hand" in found else ""
            rows.append([f"`{name}`", target, late, hand, short(found["early"])])
    return rows


def section(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """The table of the page."""
    head = ["picture", "target", "step 1,000 / step 20", "256 steps / by hand", "step 20 takes"]
    return table(head, rows_of(figures))


def main() -> None:
    """Measure, print a table, and keep the figures for the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*", help="torch, keras; both if left out")
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for target in chosen.targets or ["torch", "keras"]:
        quiet(target)
        names = sorted(path.stem for path in PICTURES.glob("*.seq"))
        figures[target] = {}
        for name in names:
            if "def generate(" not in _source(name, target):
                continue
            figures[target][name] = measured(target, name)
            print(f"{target}: {name}: {figures[target][name]}", file=sys.stderr, flush=True)
    print(section(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures), "utf-8")


def _source(name: str, target: str) -> str:
    return compile_seq((PICTURES / f"{name}.seq").read_text("utf-8"), f"{name}.seq").source(target)


if __name__ == "__main__":
    main()
