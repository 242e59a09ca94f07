"""models → what proving them costs, as ratios over the bare cost of the same frameworks, and where the time goes.

    python -m benchmarks.verify [--models 50] [--workers 1 2]

The floor, in the same run: import Keras and PyTorch, build every model once and call it once, in a process for each
framework, both at once as verify has them. A numpy module imports nothing, and needs weights before it can be called.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.timing import short, table
from seqdsl.api import Model, analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FRAMEWORKS = ("keras", "torch")
"""What the floor imports."""


def models(count: int) -> list[Model]:
    """So many of the examples' models, again from the first after the last."""
    texts = [(path.name, path.read_text("utf-8")) for path in sorted(EXAMPLES.glob("*.seq"))]
    known = [model for name, text in texts for model in analyze(text, name).models]
    # One of every few, so that few models are of all kinds, too.
    spread = known[:: max(1, len(known) // count)]
    return list(islice(cycle(spread), count))


def usage() -> tuple[float, float]:
    """The processor seconds, and the most memory of any, of the processes that have ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return found.ru_utime + found.ru_stime, found.ru_maxrss * unit


def bare(count: int) -> dict[str, float]:
    """The floor: both frameworks at once."""
    start, (before, _) = time.perf_counter(), usage()
    command = [sys.executable, "-m", "benchmarks.verify", "--models", str(count), "--bare"]
    running = [
        subprocess.Popen([*command, target], cwd=ROOT, stderr=subprocess.DEVNULL)
        for target in FRAMEWORKS
    ]
    codes = [process.wait() for process in running]
    assert not any(codes), codes
    after, memory = usage()
    return {"wall": time.perf_counter() - start, "cpu": after - before, "memory": memory}


def build_and_call(target: str, count: int) -> None:
    """Build every model once and call it once: the floor in one framework."""
    from seqdsl import targets
    from seqdsl.verify.generated_job import job_for
    from seqdsl.verify.inputs import arrays_for
    from seqdsl.verify.layouts import lay_out

    framework = targets.runtime(target)
    for model in models(count):
        job = job_for(model, target)
        framework.reset()
        built = model.build(target)
        # PyTorch's images have their channels first; the arrays have them last.
        lay_out(built, job, framework)
        framework.call(built, arrays_for(job.inputs, job.cases[0]))


def proven(count: int, workers: int) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """What verify takes, and the seconds of each check in each framework."""
    start, (before, _) = time.perf_counter(), usage()
    report = verify(models(count), TARGETS, workers=workers)
    assert not report.failures, report.failures
    after, memory = usage()
    checks: dict[str, Counter[str]] = {target: Counter() for target in TARGETS}
    for result in report.results:
        checks[result.target][result.check] += result.seconds
    whole = {"wall": time.perf_counter() - start, "cpu": after - before, "memory": memory}
    return whole, {target: dict(found) for target, found in checks.items()}


def measure(count: int, workers: list[int]) -> dict[str, Any]:
    """All figures."""
    found: dict[str, Any] = {"models": count, "runs": {"floor": bare(count)}}
    for number in workers:
        whole, checks = proven(count, number)
        found["runs"][f"{number} a framework"] = whole
        found.setdefault("checks", checks)
    return found


def sections(figures: dict[str, Any]) -> dict[str, str]:
    """The tables, by what they are about."""
    count, floor = figures["models"], figures["runs"]["floor"]
    head = [
        "workers",
        "wall / floor",
        "processor / floor",
        "wall",
        "processor a model",
        "largest process",
    ]
    rows = [
        [
            name,
            *(f"{whole[key] / floor[key]:.2f}" for key in ("wall", "cpu")),
            short(whole["wall"]),
            short(whole["cpu"] / count),
            f"{whole['memory'] / 2**20:,.0f} MiB",
        ]
        for name, whole in figures["runs"].items()
    ]
    checks = figures["checks"]
    parts = [
        [f"`{name}`", *(short(checks[target].get(name, 0.0) / count) for target in TARGETS)]
        for name in checks[TARGETS[0]]
    ]
    return {"whole": table(head, rows), "checks": table(["check", *TARGETS], parts)}


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--bare", choices=FRAMEWORKS, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args()
    if chosen.bare:
        build_and_call(chosen.bare, chosen.models)
        return
    figures = measure(chosen.models, chosen.workers)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures), "utf-8")
    for text in sections(figures).values():
        print(text, end="\n\n")


if __name__ == "__main__":
    main()
