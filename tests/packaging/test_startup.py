"""The command line starts fast: its processor time as a multiple of what it cannot do without."""

from __future__ import annotations

import ast
import math
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest

ROUNDS = 10
ATTEMPTS = 3

PICTURE = Path(__file__).resolve().parents[2] / "examples" / "one-to-one.seq"
COMMAND = Path(sysconfig.get_path("scripts")) / ("seqdsl.exe" if os.name == "nt" else "seqdsl")

# Without compiled modules every start would measure Python's compiler.
ENVIRON = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def test_the_process_of_a_model_compiles_no_picture() -> None:
    """It is waited for, and so is its framework after it."""
    services = "seqdsl.porting.checking, seqdsl.porting.opening, seqdsl.porting.services"
    code = f"import sys, {services}; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert "seqdsl.verify.against" in loaded
    assert not {"lark", "networkx", "seqdsl.pipeline", "seqdsl.lowering.compile"} & loaded


def seconds(command: Sequence[str], cwd: Path) -> float:
    """The processor time that the command takes once; it has to succeed.

    A clock would count what else the machine does, such as the tests beside this one.
    """
    resource = pytest.importorskip("resource", reason="processor time of other processes")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, env=ENVIRON, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent: float = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent


def ratio(command: Sequence[str], baseline: Sequence[str], cwd: Path) -> float:
    """The command's time over the baseline's.

    A busy machine only ever adds time, so the shortest run of each counts; they take turns, so
    that a slow spell meets both.
    """
    best = [math.inf, math.inf]
    for _ in range(ROUNDS):
        for index, each in enumerate((command, baseline)):
            best[index] = min(best[index], seconds(each, cwd))
    return best[0] / best[1]


@pytest.mark.parametrize(
    ("arguments", "code", "limit"),
    [
        pytest.param(["check", str(PICTURE)], "import lark, networkx, jinja2", 1.3, id="check"),
        pytest.param(["--help"], "pass", 5.0, id="help"),
    ],
)
def test_start(arguments: list[str], code: str, limit: float, tmp_path: Path) -> None:
    """The installed command stays within its multiple of a Python that runs ``code``."""
    command, baseline = [str(COMMAND), *arguments], [sys.executable, "-c", code]
    found: list[float] = []
    for _ in range(ATTEMPTS):
        found.append(ratio(command, baseline, tmp_path))
        if found[-1] < limit:
            break
    print(f"{arguments[0]}: {found[-1]:.2f} times `{code}` (limit {limit})")
    assert min(found) < limit, f"{found} times `{code}`"
