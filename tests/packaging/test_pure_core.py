"""The pure core needs lark, networkx and jinja2 alone, and no more of a system than a browser has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import seqdsl
from seqdsl.api import compile as compile_seq

SOURCES = Path(seqdsl.__file__).parent
CORE = (
    "analysis",
    "catalogue",
    "diagnosis",
    "draw",
    "editing",
    "explain",
    "formatter",
    "layout",
    "lints",
    "lowering",
    "model",
    "passes",
    "picture",
    "repair",
    "syntax",
    "targets",
    "text",
)
# What runs models: each target's runtime and what belongs to it.
RUNTIME = {
    "keras": (
        "runtime",
        "any_length",
        "copying",
        "gradients",
        "large",
        "precision",
        "random",
        "session",
        "settings",
        "tracing",
        "weights",
    ),
    "numpy": ("runtime", "weight_file"),
    "torch": (
        "runtime",
        "arranging",
        "copying",
        "gradients",
        "parts",
        "random",
        "settings",
        "threads",
        "weights",
    ),
}
NOT_OF_IT = {"seqdsl.draw.pdf", "seqdsl.draw.png"} | {
    f"seqdsl.targets.{target}.{name}" for target, names in RUNTIME.items() for name in names
}
PICTURE = "Y Y   dense(1)\n| |\nH-H   lstm(units)\n| |\nX X   input(2)\n\nunits = 4\n"

# All that the core does, once; what it gives is printed.
WORK = """
import json, sys
from importlib import import_module
from seqdsl.api import analyze, compile
from seqdsl.diagnosis.diagnose import diagnose
from seqdsl.editing.fixes import fixes
from seqdsl.editing.hover import hover
from seqdsl.editing.snapshot import snapshot
from seqdsl.explain.catalogue import explain_code
from seqdsl.explain.model import explain
from seqdsl.formatter.format import format_text
from seqdsl.repair.repair import repair
from seqdsl.targets import write

modules, picture = json.loads(sys.argv[1])
for name in modules:
    import_module(name)
model = compile(picture)
written = {target: write(model.spec, target) for target in ("keras", "torch")}
sources = {target: module.source for target, module in written.items()}
drawn = [model.draw(form) for form in ("svg", "dot", "mmd", "txt")]
texts = [explain(model.spec, written), explain_code("SEQ202"), format_text(picture).text]
texts += [diagnose("index out of range in self").explanations[0].right]
fixed = repair(analyze(picture.replace("| |", " | |", 1)))
typed = snapshot(picture.replace("| |", " | |", 1))
edited = [hover(snapshot(picture), 3, 1).text, fixes(typed, 60.0)[0].title]
print(json.dumps([*sources.values(), *drawn, *edited, *texts, fixed.text]))
"""

WITHOUT_LIBRARIES = """
import sys
for name in ("click", "rich", "numpy", "markdown_it", "pytest", "IPython", "keras", "torch"):
    sys.modules[name] = None
"""
WITHOUT_USERS = "import os; del os.geteuid\n"
WITHOUT_PROCESSES = """
import os, subprocess
for name in ("fork", "forkpty", "posix_spawn"):
    delattr(os, name)
"""
WITHOUT_THREADS = """
import threading
def refuse(*_, **__):
    raise RuntimeError("can't start new thread")
threading.Thread.start = threading._start_new_thread = refuse
"""
# Jinja pickles two numbers when it is imported; what nobody may need is pickled files.
WITHOUT_PICKLE = """
import pickle
def refuse(*_, **__):
    raise pickle.PickleError("no pickle here")
pickle.load = pickle.dump = pickle.Pickler = pickle.Unpickler = refuse
"""
SYSTEMS = {
    "no libraries": WITHOUT_LIBRARIES,
    "no users": WITHOUT_USERS,
    "no processes": WITHOUT_PROCESSES,
    "no threads": WITHOUT_THREADS,
    "no pickle": WITHOUT_PICKLE,
    "nothing of it": WITHOUT_LIBRARIES
    + WITHOUT_PROCESSES
    + WITHOUT_THREADS
    + WITHOUT_PICKLE
    + WITHOUT_USERS,
}


def modules() -> list[str]:
    paths = [path for package in CORE for path in (SOURCES / package).rglob("*.py")]
    names = {
        ".".join(("seqdsl", *path.relative_to(SOURCES).with_suffix("").parts)) for path in paths
    }
    return sorted(name.removesuffix(".__init__") for name in names - NOT_OF_IT)


def run(code: str, caches: Path) -> list[str]:
    """What the core gives in a fresh process, after ``code``."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(caches)}
    environment.pop("SEQDSL_NO_CACHE", None)
    command = [sys.executable, "-c", code + WORK, json.dumps([modules(), PICTURE])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the core gives on this machine, as it is."""
    found = run("", tmp_path_factory.mktemp("caches"))
    model = compile_seq(PICTURE)
    assert found[:3] == [model.source("keras"), model.source("torch"), model.draw("svg")]
    assert found[-3] == found[-1] == PICTURE
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="it has neither users nor forks to begin with")
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_core_needs_little(system: str, expected: list[str], tmp_path: Path) -> None:
    assert run(SYSTEMS[system], tmp_path) == expected


def test_tables_that_were_half_written_are_no_error(expected: list[str], tmp_path: Path) -> None:
    assert run(WITHOUT_PICKLE, tmp_path) == run("", tmp_path) == expected
