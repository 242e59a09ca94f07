"""The page about CI: its files and commands are tried in a folder, its tables are complete."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml

from seqdsl.cli.commands.check import check
from seqdsl.cli.commands.verify import verify
from seqdsl.project.config import _KEYS, settings_for

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "ci.md").read_text("utf-8")
FENCE = re.compile(r"(?:^`([\w.-]+)`:\n\n)?^(`{3,})(\w+)\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
BLOCKS = [(name, kind, body) for name, _, kind, body in FENCE.findall(TEXT)]

INSTALLED = any(item.name == "seqdsl" for item in entry_points(group="pytest11"))
PROGRAMS = {
    "seqdsl": [sys.executable, "-m", "seqdsl"],
    "pytest": [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
        *(() if INSTALLED else ("-p", "seqdsl.integrations.pytest_plugin")),
    ],
}


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    # On a build machine pytest does not shorten its lines.
    env.pop("CI", None)
    env.pop("BUILD_NUMBER", None)
    done = subprocess.run(
        [*PROGRAMS.get(words[0], words[:1]), *words[1:]],
        cwd=folder,
        env={**env, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def without_times(text: str) -> str:
    return re.sub(r"in \d+\.\d+s", "in some time", text)


def test_what_is_printed(tmp_path: Path) -> None:
    sessions = 0
    for name, kind, body in BLOCKS:
        if name and kind != "toml":
            (tmp_path / name).write_text(body, "utf-8")
        elif kind == "console":
            commands = re.findall(r"^\$ (.*)", body, re.MULTILINE)
            outputs = re.split(r"^\$ .*\n", body, flags=re.MULTILINE)[1:]
            for command, expected in zip(commands, outputs, strict=True):
                assert without_times(run(command, tmp_path)) == without_times(expected)
                sessions += 1
    assert sessions >= 7


def test_the_settings_are_settings(tmp_path: Path) -> None:
    (table,) = [body for name, _, body in BLOCKS if name == "pyproject.toml"]
    (tmp_path / "pyproject.toml").write_text(table)
    assert settings_for([tmp_path / "a.seq"]).exclude == ("drafts", "docs/old")
    section = TEXT.partition("## Settings")[2]
    listed = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)))
    )
    assert listed == set(_KEYS)


def test_every_format_is_listed() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (`check`[^|]*|`verify`[^|]*) \|", TEXT, re.MULTILINE))
    for command in (check, verify):
        (option,) = [item for item in command.params if item.name == "form"]
        choices = set(option.type.choices)  # type: ignore[attr-defined]
        assert choices == {form for form, where in rows.items() if f"`{command.name}`" in where}


@pytest.mark.parametrize("name", ["--timeout", "--memory", "-j", "--changed-only"])
def test_options_exist(name: str) -> None:
    assert f"| `{name}" in TEXT
    assert any(name in item.opts for item in verify.params)


def test_the_action_and_the_hooks_are_used_as_they_are() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    pages = [yaml.safe_load(body) for _, kind, body in BLOCKS if kind == "yaml"]
    (used,) = [page["repos"][0]["hooks"] for page in pages if "repos" in page]
    assert {item["id"] for item in used} == {item["id"] for item in hooks}
    (job,) = [page["jobs"]["pictures"] for page in pages if "jobs" in page]
    assert job["steps"][-1]["with"].keys() <= inputs.keys()
    for name in inputs:
        assert f"| `{name}` |" in TEXT


def test_its_own_pictures_are_pictures() -> None:
    assert run("seqdsl check docs/ci.md", ROOT).endswith("2 models, no problems\n")


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target
