"""models of the tests' catalog → what reading them costs, as a ratio over building or exporting them.

    python -m benchmarks.reading [keras|torch] [--json FILE]

In a warm process. The floor of a Keras model is to build it; of a PyTorch module it is `torch.export.export`, which
runs the module as well. Each model's times are the least of a few turns, taken in turn with its floor; the ratio is of
the sums over all models that are ported.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import least, short, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Task = Callable[[], Any]

GOALS = {"keras": 1.5, "torch": 2.0}
"""What reading may cost over its floor."""

MARGIN = 1.6
"""What a busy machine may add before `--guard` says so."""

FLOORS = {"keras": "building", "torch": "`torch.export`"}


def tasks(target: str) -> Iterator[tuple[str, Task, Task]]:
    """Of each model: its name, what reads it, and its floor."""
    return _keras_tasks() if target == "keras" else _torch_tasks()


def _keras_tasks() -> Iterator[tuple[str, Task, Task]]:
    from seqdsl.importers.keras.read import read_keras
    from tests.ported.keras_catalog import KERAS

    for name in KERAS.named(ported=True):
        build = KERAS.entries[name].build
        model = build()
        yield name, lambda model=model: read_keras(model), build


def _torch_tasks() -> Iterator[tuple[str, Task, Task]]:
    import torch

    from seqdsl.importers.torch.examples import examples
    from seqdsl.importers.torch.read import read_torch
    from seqdsl.porting.origin import input_of
    from tests.ported.torch_catalog import TORCH

    for name in TORCH.named(ported=True):
        entry = TORCH.entries[name]
        built = entry.build()
        module, given = built if isinstance(built, tuple) else (built, None)
        free: Any = {}
        if entry.inputs:
            given, free = examples(module, [input_of(text) for text in entry.inputs])
        module.eval()

        def floor(module: Any = module, given: Any = given) -> object:
            return torch.export.export(module, tuple(given))

        def read(module: Any = module, given: Any = given, free: Any = free) -> object:
            return read_torch(module, given, free)

        yield name, read, floor


def measure(target: str, rounds: int = 3) -> dict[str, list[float]]:
    """The seconds of reading and of the floor, by model; what `torch.export` refuses is left out."""
    found = {}
    for name, read, floor in tasks(target):
        try:
            # Each has run before it is measured.
            read()
            floor()
        # Whatever it raises for packed sequences and the like.
        except Exception as problem:
            print(f"  {name}: no floor ({type(problem).__name__})", file=sys.stderr)
            continue
        found[name] = least(read, floor, rounds=rounds, slice_=0.0)
    return found


def summary(figures: dict[str, list[float]]) -> dict[str, float]:
    """The ratio of the sums, the median ratio, the largest, and the mean seconds of reading a model."""
    ratios = sorted(read / floor for read, floor in figures.values())
    read, floor = (sum(item[place] for item in figures.values()) for place in (0, 1))
    return {
        "models": len(ratios),
        "all": read / floor,
        "middle": ratios[len(ratios) // 2],
        "largest": ratios[-1],
        "seconds": read / len(ratios),
    }


def section(figures: dict[str, dict[str, list[float]]]) -> str:
    """The table of the page."""
    head = ["read", "models", "divided by", "all", "median", "largest", "goal", "reading a model"]
    rows = []
    for target, by_model in figures.items():
        found = summary(by_model)
        ratios = (f"{found[name]:.2f}" for name in ("all", "middle", "largest"))
        row = [target, f"{found['models']:.0f}", FLOORS[target], *ratios]
        rows.append([*row, f"{GOALS[target]:g}", short(found["seconds"])])
    return table(head, rows)


def main() -> int:
    """Measure, and print a table; 1 if a ratio is beyond its goal and the margin."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", nargs="?", choices=GOALS, help="both, if not given")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", type=Path, help="also write the figures to a file")
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    targets = [options.target] if options.target else [*GOALS]
    figures = {target: measure(target, options.rounds) for target in targets}
    for target, by_model in figures.items():
        slowest = sorted(by_model, key=lambda name: -by_model[name][0] / by_model[name][1])[:5]
        for name in slowest:
            read, floor = by_model[name]
            print(f"{target} {name}: {read / floor:.2f} ({short(read)} over {short(floor)})")
    print(section(figures))
    print(f"measured in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(figures), "utf-8")
    beyond = [name for name in figures if summary(figures[name])["all"] > MARGIN * GOALS[name]]
    return int(bool(beyond))


if __name__ == "__main__":
    sys.exit(main())
