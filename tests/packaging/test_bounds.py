"""The lower bounds in pyproject.toml are versions that something is tested with."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Only one version can be had cheaply; style and types are judged by the newest.
EXEMPT = {"torch", "mypy", "ruff", "mkdocs-material", "mkdocstrings", "mkdocstrings-python"}


def versions(name: str) -> dict[str, str]:
    """The version that a file of constraints names for each package."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pinned = [line.partition(";")[0] for line in lines if line and not line.startswith("#")]
    found: dict[str, str] = {}
    for line in pinned:
        package, _, version = line.strip().partition("==")
        assert version and package not in found, line
        found[package] = version
    return found


def bounds() -> Iterator[tuple[str, str]]:
    """Each package that pyproject.toml asks for, and the least version of it, wherever it does."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = text[: text.index("[project.scripts]")]
    yield from re.findall(r'"([\w-]+)>=([\w.]+)[";]', needed)


def same(bound: str, version: str) -> bool:
    """Whether 3.12 and 3.12.0 are one."""
    one, other = ([int(part) for part in text.split(".")] for text in (bound, version))
    longest = max(len(one), len(other))
    return one + [0] * (longest - len(one)) == other + [0] * (longest - len(other))


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    oldest = versions("constraints-oldest.txt")
    asked = [(package, bound) for package, bound in bounds() if package not in EXEMPT]
    assert len(asked) > 20 and {package for package, _ in asked} == set(oldest)
    wrong = [item for item in asked if not same(item[1], oldest[item[0]])]
    assert not wrong


def test_the_newest_versions_are_pinned() -> None:
    newest = versions("constraints.txt")
    known = {package for package, _ in bounds()}
    # The Python of the tests has a tomllib of its own.
    assert known - {"tomli"} <= set(newest)


@pytest.mark.parametrize("target", ["test-oldest", "test-oldest-keras"])
def test_the_oldest_are_installed_as_constrained(target: str) -> None:
    """What the target would run: the oldest versions, and never another PyTorch."""
    command = ["make", "-n", "-B", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "-c constraints-oldest.txt" in done.stdout
    assert "torch" not in done.stdout.replace("TensorFlow", "")


def test_the_tests_of_the_core_are_there() -> None:
    command = ["make", "-n", "-B", "test-oldest"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    paths = re.findall(r"tests/\S+", done.stdout)
    assert len(paths) > 15 and all((ROOT / path).exists() for path in paths)
