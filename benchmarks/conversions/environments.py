"""a converter → an environment of its own below build/, with the pinned versions of its file of requirements."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
import venv
from functools import cache
from pathlib import Path

from benchmarks.conversions.tools import REQUIREMENTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "converters"

_MADE = ".made"
"""The stamp in a folder is the requirements that were installed; it is written last."""


@cache
def prepare(name: str, *, borrows: bool) -> str:
    """Make an environment, unless it is there; why it cannot be made, or nothing.

    Args:
        name: its file of requirements.
        borrows: whether the packages of this environment, the frameworks above all, are found from it.
    """
    folder, wanted = FOLDER / name, (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    stamp = folder / _MADE
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    if borrows:
        # What is its own comes first: files of paths are read after that.
        own = Path(_output(name, "import sysconfig; print(sysconfig.get_path('purelib'))"))
        (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    command = [python(name), "-m", "pip", "install", "-q", "--no-cache-dir", "-r"]
    done = subprocess.run(
        [*command, str(REQUIREMENTS / f"{name}.txt")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return (lines or done.stderr.splitlines() or ["pip fails"])[0]
    stamp.write_text(wanted, "utf-8")
    return ""


def python(name: str) -> str:
    """The interpreter of an environment."""
    return str(FOLDER / name / "bin" / "python")


def remove(name: str) -> None:
    """Give its room on the disk back."""
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    prepare.cache_clear()


def versions(name: str, packages: tuple[str, ...]) -> dict[str, str]:
    """The versions of packages, of those that an environment has."""
    code = (
        "import sys, json; from importlib.metadata import version, PackageNotFoundError\n"
        "found = {}\n"
        f"for name in {packages!r}:\n"
        "    try: found[name] = version(name)\n"
        "    except PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    found: dict[str, str] = json.loads(_output(name, code))
    return found


def _output(name: str, code: str) -> str:
    command = [python(name), "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
