"""families of growing texts → exponents: what takes time or memory out of proportion to a text.

    python -m benchmarks.growth [FAMILY ...] [--command check ...] [--size BYTES ...] [--json FILE]
    python -m benchmarks.growth "stacked rows" --command all --size 470000
    python -m benchmarks.growth --worst

Each family (`benchmarks.families`) is run through the real command, in a process of its own, at growing sizes. The
exponent is the slope of processor time over size in logarithms, between the two largest sizes that compile or are
refused alike: 1 is time in proportion. A text may also be refused, by a finding that names the limit.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.families import FAMILIES
from benchmarks.timing import short, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parents[1]
MOST_SECONDS = {"check": 15.0}
OTHER_SECONDS = 60.0
"""Processor time that a command may take for a megabyte; the goal."""

MOST_MEMORY = 2**30
STEEPEST = 1.2
"""The largest exponent that counts as time in proportion."""

LEAST_SECONDS = 0.5
"""Below that, starting up and noise are most of what is measured: no exponent is told."""

COMMANDS = {
    "check": "check {text}",
    "keras": "generate {text} --to keras -o {folder}/",
    "torch": "generate {text} --to torch -o {folder}/",
    "format": "format {text} --diff",
    "explain": "explain {text}",
    "draw": "draw {text} -o {folder}/",
}
"""What is measured; ``text`` is the file, and ``folder`` one that has room for several models."""

ALL = "all"
SIZES = (30_000, 125_000, 500_000, 1_000_000)

WORST = {"stacked vectors": 155_000, "handed states": 225_000, "stacked rows": 470_000}
"""What takes the other commands longest, just below the limit of 40,000 blocks: larger texts are refused."""

FORMATTED = {"pooled runs": 1_000_000, "nested buses": 1_000_000, "many models": 670_000}
"""What takes the canonical form longest: a whole megabyte that compiles, and as many models as do."""


class Taken(NamedTuple):
    """What a command took for a text: its size, processor time, the most memory, and its exit code."""

    size: int
    seconds: float
    memory: int
    code: int | None


def measure(family: str, size: int, command: str, limit: float | None = None) -> Taken:
    """Run a command over a text of a family; its exit code is ``None`` where it ran out of time or memory."""
    seconds = limit or MOST_SECONDS.get(command, OTHER_SECONDS)
    text = FAMILIES[family](size)
    with tempfile.TemporaryDirectory(prefix="seqdsl-") as folder:
        path = Path(folder, "model.seq")
        path.write_text(text, "utf-8")
        arguments = COMMANDS[command].format(text=path, folder=Path(folder, "written")).split()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.growth", "--alone", str(seconds), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    last = done.stderr.rsplit("\n", 1)[-1]
    if done.returncode or not last.startswith("["):
        return Taken(len(text), seconds, MOST_MEMORY, None)
    taken, memory, code = json.loads(last)
    return Taken(len(text), taken, memory, code)


def alone(seconds: float, arguments: Sequence[str]) -> None:
    """Run one command here, within limits; what it took is the last line of standard error."""
    from seqdsl.api import analyze
    from seqdsl.cli.main import cli

    analyze("O\n|\nO")
    most = math.ceil(seconds * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    start, code = time.process_time(), 0
    try:
        cli(list(arguments), standalone_mode=True)
    except SystemExit as end:
        code = int(end.code or 0)
    taken = time.process_time() - start
    sys.stderr.write("\n" + json.dumps([taken, _most_memory(), code]))


def _most_memory() -> int:
    """The most memory that this process had.

    On Linux `getrusage` counts what the process had that started this one, too.
    """
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    (most,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(most.split()[1]) * 1024


def exponent(taken: Sequence[Taken]) -> float | None:
    """The slope between the two largest texts with one exit code; ``None`` where nothing can be told."""
    last = taken[-1]
    before = [one for one in taken[:-1] if one.code == last.code and one.size < last.size]
    if not before or last.seconds < LEAST_SECONDS or before[-1].seconds < LEAST_SECONDS / 10:
        return None
    first = before[-1]
    return math.log(last.seconds / first.seconds) / math.log(last.size / first.size)


def run(
    families: Iterable[str], commands: Iterable[str], sizes: Sequence[int]
) -> dict[str, list[list[float | None]]]:
    """What each family took in each command, at each size."""
    found: dict[str, list[list[float | None]]] = {}
    for family in families:
        for command in commands:
            taken: list[Taken] = []
            for size in sizes:
                taken.append(measure(family, size, command))
                if taken[-1].code is None:
                    break
            found[f"{command}: {family}"] = [list(one) for one in taken]
            print(line(f"{command}: {family}", taken), flush=True)
    return found


def line(name: str, taken: Sequence[Taken]) -> str:
    """One family in one command, in a line."""
    slope = exponent(taken)
    last = taken[-1]
    shown = "–" if slope is None else f"{slope:.2f}"
    mark = "BEYOND" if faults(name, taken) else "ok    "
    return (
        f"{mark} {name:<40} {last.size:>9,} {short(last.seconds):>8} "
        f"{last.memory / 2**20:>6,.0f} MiB  exit {last.code}  exponent {shown}"
    )


def faults(name: str, taken: Sequence[Taken]) -> list[str]:
    """Which goals a family misses."""
    command = name.partition(":")[0]
    last, slope = taken[-1], exponent(taken)
    found = ["ran out of time or memory"] if last.code is None else []
    if last.seconds > MOST_SECONDS.get(command, OTHER_SECONDS):
        found.append(f"took {last.seconds:.1f} s")
    if last.memory > MOST_MEMORY:
        found.append(f"took {last.memory / 2**20:,.0f} MiB")
    if last.code == 2:
        found.append("could not run")
    if slope is not None and slope > STEEPEST:
        found.append(f"has the exponent {slope:.2f}")
    return found


def section(figures: dict[str, list[list[float | None]]]) -> str:
    """The table of the page."""
    rows = []
    for name, each in figures.items():
        taken = [Taken(*one) for one in each]  # type: ignore[arg-type]
        slope, last = exponent(taken), taken[-1]
        # `format --diff` ends alike for what it would change and for what it refuses.
        refused = "–" if name.startswith("format:") else "refused"
        outcome = {0: "compiles", 1: refused}.get(last.code or 0, "–")
        shown = "–" if slope is None else f"{slope:.2f}"
        memory = f"{last.memory / 2**20:,.0f} MiB"
        rows.append([name, f"{last.size:,}", short(last.seconds), memory, outcome, shown])
    return table(["command: text", "bytes", "takes", "memory", "it", "exponent"], rows)


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    if sys.argv[1:2] == ["--alone"]:
        alone(float(sys.argv[2]), sys.argv[3:])
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("families", nargs="*", help="families (default: all)")
    parser.add_argument("--command", action="append", choices=[*COMMANDS, ALL])
    parser.add_argument(
        "--size", action="append", type=int, help=f"bytes of a text (default: {SIZES})"
    )
    parser.add_argument("--worst", action="store_true", help="all commands for what takes longest")
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args()
    commands = list(COMMANDS) if ALL in (chosen.command or ()) else chosen.command or ["check"]
    if chosen.worst:
        figures: dict[str, list[list[float | None]]] = {}
        for family, size in WORST.items():
            figures |= run([family], COMMANDS, [size // 4, size])
        for family, size in FORMATTED.items():
            figures |= run([family], ["format"], [size // 4, size])
    else:
        figures = run(chosen.families or list(FAMILIES), commands, chosen.size or SIZES)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures), "utf-8")
    taken = {name: [Taken(*one) for one in each] for name, each in figures.items()}  # type: ignore[arg-type]
    return int(any(faults(name, each) for name, each in taken.items()))


if __name__ == "__main__":
    sys.exit(main())
