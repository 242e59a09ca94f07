"""The pure core: a graph needs neither numpy, nor networkx, nor the command line, nor the rest of the compiler."""

from __future__ import annotations

import subprocess
import sys

from tests.ir.graphs import ROOT

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "seqdsl" / "ir").rglob("*.py"))
]
HEAVY = {"numpy", "networkx", "jinja2", "click", "rich", "keras", "torch"}
LIGHT = {"grammar", "records", "syntax", "text"}


def imported_by(modules: list[str]) -> set[str]:
    code = f"import sys\nfor name in {modules}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_nothing_heavy_is_imported() -> None:
    found = imported_by(MODULES)
    assert "seqdsl.ir.text.parser" in found
    assert not HEAVY & found
    others = {name.split(".")[1] for name in found if name.startswith("seqdsl.")}
    # `import seqdsl` itself is light; of the syntax only the reserved names are needed.
    assert others <= {"ir", "cells", "layers", "size", *LIGHT}


def test_an_import_is_noticed() -> None:
    assert "numpy" in imported_by([*MODULES, "numpy"])
