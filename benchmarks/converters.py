"""other converters, in an environment of their own → which of the standard topologies each carries, and how exactly.

    python -m benchmarks.converters [--json FILE]

It makes `build/converters`, which has the converters, and borrows Keras, TensorFlow and PyTorch from the environment in
which it is called, so that all are measured on the same versions. What cannot be installed, or not be imported beside
those versions, is reported as that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.conversions.data import NAMES
from benchmarks.timing import table

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "converters"
PYTHON = FOLDER / "bin" / "python"

SAME = 1e-4
"""What single precision may be off by; what is wrong is off by far more."""

TIMEOUT = 900
"""Seconds for one way, all models."""

# Without what they ask for beside: that would bring other versions of the frameworks.
PACKAGES = ("tf2onnx", "onnx2torch", "onnx2tf", "onnx2keras", "nobuco", "torchvision")
BESIDE = (
    "tf-keras",
    "psutil",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "onnx-ir",
    "flatbuffers",
    "onnx-graphsurgeon",
)

ROUTES = {
    "keras": {
        "seqdsl": ("seqdsl",),
        "backend": ("keras",),
        "onnx": ("tf2onnx", "onnx"),
        "onnx2torch": ("tf2onnx", "onnx2torch"),
    },
    "torch": {
        "seqdsl": ("seqdsl",),
        "onnx": ("torch", "onnxscript"),
        "onnx2tf": ("onnx2tf",),
        "onnx2keras": ("onnx2keras",),
        "nobuco": ("nobuco",),
    },
}
"""The ways from each framework, and whose versions tell what was measured."""


def prepare() -> dict[str, str]:
    """Make the environment; what cannot be installed, with the reason."""
    if not PYTHON.exists():
        venv.create(FOLDER, with_pip=True)
    # Its own packages come first, those of this environment behind them.
    own = Path(_in_it("import sysconfig; print(sysconfig.get_path('purelib'))"))
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    refused = {}
    for packages in (*((name,) for name in BESIDE), *((name,) for name in PACKAGES)):
        command = [str(PYTHON), "-m", "pip", "install", "-q", "--no-deps", *packages]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            refused[packages[0]] = done.stderr.strip().splitlines()[-1]
    return refused


def _in_it(code: str) -> str:
    return subprocess.run(
        [str(PYTHON), "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def versions() -> dict[str, str]:
    """The versions of all that takes part."""
    names = {name for ways in ROUTES.values() for way in ways.values() for name in way}
    names |= {"keras", "tensorflow", "torch", "onnx"}
    code = (
        "import sys, json; from importlib.metadata import version, PackageNotFoundError\n"
        "found = {}\n"
        "for name in sys.argv[1:]:\n"
        "    try: found[name] = version(name)\n"
        "    except PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    done = subprocess.run(
        [str(PYTHON), "-c", code, *sorted(names)], capture_output=True, text=True, check=True
    )
    return {"seqdsl": version("seqdsl"), **json.loads(done.stdout)}


def measure(framework: str, route: str) -> dict[str, dict[str, Any]]:
    """What comes of each model; a model that ends the process is one that fails."""
    found: dict[str, dict[str, Any]] = {}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    while len(found) < len(NAMES):
        left = [name for name in NAMES if name not in found]
        # seqdsl is installed where this runs.
        python = sys.executable if route == "seqdsl" else str(PYTHON)
        command = [python, "-m", "benchmarks.conversions.routes", framework, route, *left]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=TIMEOUT,
            )
            output, why = done.stdout, done.stderr
        except subprocess.TimeoutExpired as problem:
            output, why = str(problem.stdout or ""), f"takes more than {TIMEOUT} s"
        for line in output.splitlines():
            item = json.loads(line)
            found[item.pop("model")] = item
        left = [name for name in NAMES if name not in found]
        if left:
            lines = why.strip().splitlines() or ["it ends the process"]
            found[left[0]] = {"fails": lines[-1]}
    return found


def cell(result: dict[str, Any]) -> str:
    """What the table says of a model."""
    if "fails" in result:
        return "–"
    return "equal" if result["off"] <= SAME else f"off by {result['off']:.2g}"


def section(figures: dict[str, Any], framework: str) -> str:
    """The table of one direction."""
    ways = figures[framework]
    rows = [
        [name.replace("_", " "), *(cell(found[name]) for found in ways.values())] for name in NAMES
    ]
    return table(["topology", *ways], rows)


def reasons(figures: dict[str, Any], framework: str) -> list[str]:
    """Why models fail, each reason once, with how often it is given."""
    told = []
    for route, found in figures[framework].items():
        counted: dict[str, int] = {}
        for item in found.values():
            if "fails" in item:
                # The first line says what, the further ones where.
                line = item["fails"].splitlines()[0][:160]
                counted[line] = counted.get(line, 0) + 1
        told += [f"- {route}: {count} × {line}" for line, count in counted.items()]
    return told


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, help="also write the figures to a file")
    options = parser.parse_args()
    refused = prepare()
    figures: dict[str, Any] = {"versions": versions(), "refused": refused}
    for framework, ways in ROUTES.items():
        figures[framework] = {route: measure(framework, route) for route in ways}
    print(", ".join(f"{name} {number}" for name, number in figures["versions"].items()))
    for name, why in refused.items():
        print(f"{name} cannot be installed: {why}")
    for framework in ROUTES:
        print(f"\nfrom {framework}\n\n{section(figures, framework)}\n")
        print("\n".join(reasons(figures, framework)))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")


if __name__ == "__main__":
    main()
