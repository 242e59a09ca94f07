"""``pytest --seq``: pictures as test items, of a pytest that runs by itself in a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import CHECKS, checks_of

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
UNUSED = f"{GOOD}\nunits = 3\n"
HUGE = "# too large to be tried\n\nY Y   lstm(20000)\n| |\nX X   input(8)\n"
TORCH = ("--seq", "--seq-target", "torch")

# Once installed, pytest finds the plugin by itself; from a checkout it has to be told.
FOUND = any(item.name == "seqdsl" for item in entry_points(group="pytest11"))
PLUGIN = () if FOUND else ("-p", "seqdsl.integrations.pytest_plugin")
# A cached session of the outer pytest must not reach the inner one.
ENVIRON = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}


def run(folder: Path, *arguments: str, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRON
    )


def items(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if "::" in line]


HEAVY = """
import sys

def test_imports():
    names = {"lark", "networkx", "jinja2", "numpy", "seqdsl.pipeline", "seqdsl.verify.pool"}
    assert not names & set(sys.modules)
    assert "seqdsl.integrations.pytest_plugin" in sys.modules
"""


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--seq",), 1)])
def test_nothing_heavy_is_imported_unasked(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    # With --seq the same test fails: it can see what is imported. Hypothesis is another's plugin.
    arguments = ("-p", "no:hypothesispytest", *options, "test_a.py")
    assert run(tmp_path, *arguments, files={"test_a.py": HEAVY}).returncode == code


def test_pictures_are_collected_when_asked_for(tmp_path: Path) -> None:
    files = {"a.seq": GOOD, "inner/b.seq": f"model one\n{GOOD}model two\n{GOOD}"}
    assert run(tmp_path, "--collect-only", "-q", files=files).returncode == 5
    done = run(tmp_path, "--collect-only", "-q", "--seq", files={})
    models = ("a.seq::a", "inner/b.seq::one", "inner/b.seq::two")
    assert items(done) == [
        f"{model}::{target}::{check}"
        for model in models
        for target in TARGETS
        for check in checks_of(target)
    ]


def test_a_run(tmp_path: Path) -> None:
    files = {"bad.seq": BAD, "good.seq": GOOD, "huge.seq": HUGE}
    done = run(tmp_path, *TORCH, "-v", "--junitxml=out.xml", files=files)
    assert done.returncode == 1, done.stdout
    for check in CHECKS:
        assert f"good.seq::good::torch::{check} PASSED" in done.stdout
        assert f"huge.seq::huge::torch::{check} FAILED" in done.stdout
    assert "bad.seq::compile FAILED" in done.stdout
    # The picture and the reason, and where they are.
    assert "   3 | Y Y   lstm(20000)\n   4 | | |\n   5 | X X   input(8)\n" in done.stdout
    assert "not tried: it would take" in done.stdout
    assert "huge.seq:3: size: not tried" in done.stdout
    assert "bad.seq:2:4: error[SEQ202]" in done.stdout
    assert "  2 | |  |\n    |    ^\n" in done.stdout
    assert "FAILED bad.seq::compile - this `|` is not connected at its lower end" in done.stdout
    assert "Traceback" not in done.stdout and ".py:" not in done.stdout
    cases = list(ET.parse(tmp_path / "out.xml").iter("testcase"))
    assert len(cases) == 1 + 2 * len(CHECKS)


def test_an_item_by_its_name(tmp_path: Path) -> None:
    done = run(tmp_path, *TORCH, f"huge.seq::huge::torch::{CHECKS[-1]}", files={"huge.seq": HUGE})
    # What was not tried has not been proven: it fails, also by itself.
    assert done.returncode == 1 and "1 failed" in done.stdout


def test_several_processes(tmp_path: Path) -> None:
    files = {"good.seq": GOOD, "bad.seq": BAD, "more.seq": GOOD}
    done = run(tmp_path, *TORCH, "-v", "-n", "2", "--dist", "loadfile", files=files)
    assert f"1 failed, {2 * len(CHECKS)} passed" in done.stdout, done.stdout + done.stderr
    assert "  2 | |  |\n    |    ^\n" in done.stdout
    for model in ("good", "more"):
        workers = re.findall(rf"\[(gw\d)\] .* {model}\.seq::", done.stdout)
        assert len(workers) == len(CHECKS) and len(set(workers)) == 1


GROUPS = """
def pytest_collection_modifyitems(items):
    for item in items:
        print("group of", item.nodeid, [mark.args for mark in item.iter_markers("xdist_group")])
"""


def test_the_items_of_a_model_are_one_group_for_xdist(tmp_path: Path) -> None:
    files = {"conftest.py": GROUPS, "a.seq": f"model one\n{GOOD}model two\n{GOOD}"}
    # Markers are strict, and whoever has no xdist has nobody who declares this one.
    options = ("-p", "no:xdist", "--strict-markers", "--collect-only", "-s", "--seq")
    done = run(tmp_path, *options, files=files)
    assert done.returncode == 0, done.stdout + done.stderr
    groups = re.findall(r"group of a\.seq::(\w+)::.* \[\('(.*)',\)\]", done.stdout)
    assert len(groups) == 2 * sum(len(checks_of(target)) for target in TARGETS)
    assert set(groups) == {("one", "a.seq:2"), ("two", "a.seq:6")}


def test_markdown_and_python_that_are_named(tmp_path: Path) -> None:
    block = f"# Title\n\n```seq\n{GOOD}```\n"
    files = {"README.md": block, "mod.py": f'"""{block}"""\n', "a.seq": GOOD}
    options = ("--collect-only", "-q", *TORCH)
    assert len(items(run(tmp_path, *options, files=files))) == len(CHECKS)
    named = items(run(tmp_path, *options, "README.md", "mod.py", files={}))
    assert {line.rpartition("::")[0] for line in named} == {
        "README.md::README-1::torch",
        "mod.py::mod-1::torch",
    }


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    block = f"# Title\n\n```seq\n{HUGE}```\n"
    done = run(tmp_path, *TORCH, "README.md", files={"README.md": block})
    assert "   6 | Y Y   lstm(20000)\n" in done.stdout
    assert "README.md:6: size: not tried" in done.stdout


SETTINGS = {
    'targets = ["torch"]': (GOOD, (), 0, "torch::"),
    'targets = ["keras"]': (GOOD, ("--seq-target", "torch"), 0, "torch::"),
    'include = ["*.net"]': (GOOD, (), 5, ""),
    'exclude = ["a.*"]': (GOOD, (), 5, ""),
    "strict = true": (UNUSED, (), 0, "a.seq::compile"),
    "": (GOOD, ("--seq-target", "tourch"), 4, "did you mean `torch`?"),
    "time_out = 3": (GOOD, (), 4, "did you mean `timeout`?"),
}


@pytest.mark.parametrize("table", SETTINGS)
def test_settings(tmp_path: Path, table: str) -> None:
    picture, options, code, said = SETTINGS[table]
    files = {"pyproject.toml": f"[tool.seqdsl]\n{table}\n", "a.seq": picture}
    done = run(tmp_path, "--collect-only", "-q", "--seq", *options, files=files)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    if code == 0:
        assert "keras" not in done.stdout or not options


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, *TORCH, "a.py", files={"a.py": "def (: # seq\n"})
    assert done.returncode == 2
    assert "cannot be read as Python" in done.stdout


def test_the_entry_point_is_declared() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.pytest11]\nseqdsl = "seqdsl.integrations.pytest_plugin"\n' in text
