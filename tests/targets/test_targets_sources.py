"""Generated code as emitted: linters, formatter and type checker find nothing, and it stands by itself."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from textwrap import indent

import pytest

import seqdsl
from seqdsl.targets import TRAINED
from tests.targets.pictures import ROOT, TARGETS, compiled
from tests.targets.typed import type_checked

Sources = dict[tuple[str, str], str]


def run(*arguments: object, cwd: Path, **env: str) -> str:
    """What a tool prints; it must end well."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# `--isolated`: the tool's own defaults, whatever stands above the folder.
@pytest.mark.parametrize(
    "arguments", [("check",), ("format", "--check", "--diff")], ids=["lint", "format"]
)
def test_ruff(folder: Path, arguments: tuple[str, ...]) -> None:
    run("-m", "ruff", *arguments, "--isolated", "--no-cache", folder, cwd=folder)


@pytest.mark.parametrize("target", TARGETS)
def test_mypy(sources: Sources, target: str) -> None:
    texts = {name: text for (of, name), text in sources.items() if of == target}
    assert type_checked(texts, target, "drawn") == ""


def test_mypy_reads_what_has_changed() -> None:
    wrong = "def length() -> int:\n    return {}\n"
    assert type_checked({"one": wrong.format("1")}, "numpy", "tried") == ""
    assert "one.py:2: error" in type_checked({"one": wrong.format("''")}, "numpy", "tried")
    assert type_checked({"one": wrong.format("1")}, "numpy", "tried") == ""


_DIGESTS = """
import json
from hashlib import sha256
from tests.targets.conftest import TARGETS
from tests.targets.pictures import compiled
print(json.dumps({
    f"{target} {name}": sha256(model.source(target).encode()).hexdigest()
    for name, model in compiled().items() for target in TARGETS
}))
"""


def test_the_same_text_on_every_run(sources: Sources) -> None:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    runs = [
        json.loads(run("-c", _DIGESTS, cwd=ROOT, PYTHONPATH=path, PYTHONHASHSEED=seed))
        for seed in ("0", "1")
    ]
    assert runs[0] == runs[1]
    # This process has a seed of its own, and has written others before.
    again = compiled()
    assert {key: again[key[1]].source(key[0]) for key in sources} == sources
    digests = {
        f"{target} {name}": sha256(text.encode()).hexdigest()
        for (target, name), text in sources.items()
    }
    assert runs[0] == digests


def imported(text: str, *, at_top: bool = False) -> set[str]:
    """The top-level packages that a source imports, anywhere or at its top."""
    tree = ast.parse(text)
    nodes = tree.body if at_top else list(ast.walk(tree))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in found}


def test_a_source_needs_its_framework_only(sources: Sources) -> None:
    for (target, name), text in sources.items():
        found = imported(text) - sys.stdlib_module_names
        # A Keras layer may ask the backend that runs it: which one that is, is known in a call only.
        backends = {"tensorflow", "torch"} if target == "keras" else set()
        assert found - backends == {target}, name
        assert imported(text, at_top=True) - sys.stdlib_module_names == {target}, name


def test_a_source_imports_nothing_by_other_means(sources: Sources) -> None:
    words = {"exec", "eval", "__import__", "open", "compile", "globals"}
    for (_, name), text in sources.items():
        used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        assert not used & words, name


def test_the_picture_is_in_a_docstring(sources: Sources) -> None:
    models = compiled()
    kinds = (ast.ClassDef, ast.FunctionDef)
    for (_, name), text in sources.items():
        nodes = [node for node in ast.parse(text).body if isinstance(node, kinds)]
        picture = indent(models[name].spec.picture, "    ")
        assert any(picture in (ast.get_docstring(node) or "") for node in nodes), name


def test_a_source_ends_with_one_newline_and_has_no_trailing_blanks(sources: Sources) -> None:
    for (_, name), text in sources.items():
        assert text.endswith("\n") and not text.endswith("\n\n"), name
        assert all(line == line.rstrip() for line in text.split("\n")), name
        assert "\t" not in text and text.isascii(), name


@pytest.mark.parametrize("target", TRAINED)
@pytest.mark.parametrize("name", ["many-to-many-last-3", "two-heads"])
def test_a_source_runs_by_itself(folder: Path, target: str, name: str) -> None:
    printed = run(
        "-E", "-s", folder / f"for_{target}" / f"{name}.py", cwd=folder, TF_CPP_MIN_LOG_LEVEL="3"
    )
    wanted = {"many-to-many-last-3": ["3, 32"], "two-heads": ["5, 4", "2"]}[name]
    ends = [line for line in printed.splitlines() if line.startswith(("y ", "z "))]
    assert len(ends) == len(wanted)
    for line, shape in zip(ends, wanted, strict=True):
        assert line.endswith(f", {shape})")


@pytest.mark.parametrize(
    ("written", "keras", "torch"),
    [
        ("", "momentum=0.9, epsilon=1e-5", "(4)"),
        ("epsilon=1e-3", "momentum=0.9, epsilon=0.001", "(4, eps=0.001)"),
        ("epsilon=1e-5", "momentum=0.9, epsilon=1e-5", "(4, eps=1e-5)"),
        ("epsilon=0.000010", "momentum=0.9, epsilon=1e-5", "(4, eps=1e-5)"),
        ("epsilon=1e-12", "momentum=0.9, epsilon=1e-12", "(4, eps=1e-12)"),
        ("momentum=0.99", "momentum=0.99, epsilon=1e-5", "(4, momentum=0.01)"),
        ("momentum=0.9", "momentum=0.9, epsilon=1e-5", "(4, momentum=0.1)"),
        ("momentum=.999", "momentum=0.999, epsilon=1e-5", "(4, momentum=0.001)"),
        ("momentum=0.99999", "momentum=0.99999, epsilon=1e-5", "(4, momentum=1e-5)"),
        ("momentum=0", "momentum=0.0, epsilon=1e-5", "(4, momentum=1.0)"),
        ("momentum=m, epsilon=e", "momentum=m, epsilon=e", "(4, eps=e, momentum=1 - m)"),
    ],
)
def test_normalization(written: str, keras: str, torch: str) -> None:
    parameters = "\nm = 0.5\ne = 0.25\n" if "m, " in written else ""
    text = f"B B   batchnorm({written})\n| |\nX X   input(4)\n{parameters}"
    model = seqdsl.compile(text)
    # Long calls are laid out on several lines.
    code = "".join(model.source("keras").split())
    assert f"BatchNormalization({keras}, name=".replace(" ", "") in code
    assert f"nn.BatchNorm1d{torch}\n" in model.source("torch")
