"""The page about training and running: its pictures have no findings, and its code runs in the order of the page."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from seqdsl.api import analyze

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "running.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```seq\n(.*?)```", TEXT, re.DOTALL))
CODE = re.findall(r"<!-- (torch|keras) -->\n```python\n(.*?)```", TEXT, re.DOTALL)


def test_every_block_is_tested() -> None:
    assert len(FILES) == TEXT.count("```seq")
    assert len(CODE) == TEXT.count("```python")


@pytest.mark.parametrize("name", FILES)
def test_the_pictures_have_no_findings(name: str) -> None:
    assert not analyze(FILES[name], name).diagnostics


@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_the_code_runs(framework: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    commands = "".join(re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)).splitlines()
    for command in commands:
        arguments = shlex.split(command)[1:]
        subprocess.run([sys.executable, "-m", "seqdsl", *arguments], cwd=tmp_path, check=True)
    # One script of all its blocks: what a block defines, the later ones use.
    script = "".join(code for name, code in CODE if name == framework)
    env = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    command_line = [sys.executable, "-c", script]
    done = subprocess.run(
        command_line, cwd=tmp_path, capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
