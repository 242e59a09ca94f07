"""generated sources → what mypy says of them: a source that mypy has read on an earlier run is not read again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from tests.targets.pictures import ROOT

# Keras tells type checkers nothing: a project that uses it has allowed that once, and not in each of its files.
SETTINGS = {"torch": ["--strict"], "numpy": [], "keras": ["--disable-error-code=import-untyped"]}


def type_checked(sources: Mapping[str, str], target: str, group: str) -> str:
    """What mypy prints of the sources of one target, by the names of their files; nothing where it finds no fault.

    mypy remembers what it has read by the path, and reads again what differs from what lay there, or needs what
    differs: in a folder that each run makes anew it would remember nothing. Each group of sources has a folder of its
    own; all of a target have one memory, as reading PyTorch takes longer than they do, and of two processes one waits.
    """
    place = ROOT / ".mypy_cache" / f"generated-{target}" / group
    # A folder called `torch` would be the type checker's idea of where `torch` comes from.
    folder = place / f"for_{target}"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}.py": text for name, text in sources.items()}
    for path in folder.glob("*.py"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")
    memory = place.parent / "memory"
    with FileLock(f"{memory}.lock"):
        return _printed(folder, memory, sorted(wanted), SETTINGS[target])


def _printed(folder: Path, memory: Path, files: list[str], settings: list[str]) -> str:
    # `--config-file=`: mypy's own defaults, whatever stands above the folder.
    command = [*settings, "--config-file=", f"--cache-dir={memory}", *files]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
