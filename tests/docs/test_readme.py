"""The README says what is: its commands print what it shows, its pictures compile, its Python runs."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from seqdsl.api import analyze

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")


def fenced(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


SESSIONS = [block for block in fenced("console") if block.startswith("$ ")]
COMMANDS = [
    line for block in fenced("console") if block not in SESSIONS for line in block.splitlines()
]


# What only a reader has who is beyond the first steps: data, trained weights, models and pictures of a project.
OWN = ("x.npy", "data.npz", "trained.keras", "package.models", " pictures", "tagger.seq")


def newcomer(folder: Path) -> Path:
    """A clone as a reader has it who did what the README says: its first small picture is in `picture.seq`."""
    pictures = fenced("seq")
    (folder / "picture.seq").write_text(pictures[1], "utf-8")
    for name in ("examples", "README.md"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_pictures_begin_at_the_left_edge() -> None:
    """Pages show a picture as wide as its text: an indent of all of its lines would push it out of narrow ones."""
    for picture in fenced("seq"):
        assert picture == textwrap.dedent(picture)


@pytest.mark.parametrize("session", SESSIONS)
def test_output(session: str, tmp_path: Path) -> None:
    command, _, expected = session.removeprefix("$ ").partition("\n")
    command = (
        command.replace("seqdsl", f"{sys.executable} -m seqdsl", 1)
        if command.startswith("seqdsl")
        else (command.replace("| seqdsl", f"| {sys.executable} -m seqdsl"))
    )
    env = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=newcomer(tmp_path),
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert done.stdout + done.stderr == expected


def test_commands_work_one_after_the_other(tmp_path: Path) -> None:
    """None stumbles over a file that an earlier one wrote, or over one that nobody said to write."""
    folder = newcomer(tmp_path)
    run = []
    for command in COMMANDS:
        words = shlex.split(command)
        # `watch` never ends, and `verify`, the only one that needs the frameworks, has tests of its own.
        if words[0] != "seqdsl" or words[1] in ("watch", "verify"):
            continue
        if any(own in command for own in OWN):
            continue
        arguments = [sys.executable, "-m", "seqdsl", *words[1:]]
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
        # 1: problems found, as the data that does not fit; 2: could not run.
        assert done.returncode in (0, 1), f"{command}: {done.stderr}"
        run.append(words[1])
    assert {"new", "check", "generate", "draw"} <= set(run)
    assert (folder / "many-to-one.seq").exists() and (folder / "encoder-decoder.seq").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_other_commands_exist(command: str) -> None:
    words = command.split()
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE)
    elif words[0] == "seqdsl":
        arguments = [sys.executable, "-m", "seqdsl", words[1], "--help"]
        assert subprocess.run(arguments, capture_output=True, check=False).returncode == 0
        assert all((ROOT / word).exists() for word in words[2:] if "/" in word)
    else:
        known = (["pip", "install"], ["pytest", "--seq"], ["git", "clone"], ["cd", "seqdsl"])
        assert words[:2] in known


@pytest.mark.parametrize("picture", fenced("seq"))
def test_pictures_compile(picture: str) -> None:
    analysis = analyze(picture, "readme.seq")
    assert analysis.models
    assert not analysis.diagnostics


def test_python() -> None:
    blocks = fenced("python")
    assert blocks
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0


# An index page shows the README as well, and has no other files: its links name the project.
PROJECT = "https://github.com/seqdsl/seqdsl/"
FILES = re.compile(
    rf"(?:{PROJECT}(blob|tree)/main|https://raw\.githubusercontent\.com/seqdsl/seqdsl/main)/([^#]+)"
)
LINKS = re.findall(r"(!?)\[[^\]]*\]\(([^)]+)\)", TEXT)


@pytest.mark.parametrize(("image", "target"), LINKS)
def test_links_work_on_an_index_page(image: str, target: str) -> None:
    assert target.startswith("https://") or (target.startswith("#") and not image), target
    if "seqdsl/seqdsl" not in target:
        return
    found = FILES.match(target)
    assert found, target
    kind, place = found.groups()
    # An image has to be the file itself, which `raw` is; GitHub calls a folder a tree, a file a blob.
    assert kind == (None if image else "tree" if (ROOT / place).is_dir() else "blob")
    assert (ROOT / place).exists(), place


def test_there_are_links_to_test() -> None:
    assert len(LINKS) > 5 and any(image for image, _ in LINKS)
