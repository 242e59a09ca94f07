"""other converters, each in an environment of its own → which of the standard topologies each carries, and how exactly.

    python -m benchmarks.converters [TOOL ...] [--page] [--keep]

Models of both frameworks, with random weights, are written to `build/converters/models` with what they give; each
tool converts them in its environment, and what comes out is called with the same arrays. What was measured is kept in
`build/converters/results.json`: with names of tools, these are measured anew. `--page` writes `docs/converters.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from benchmarks.conversions import environments
from benchmarks.conversions.data import NAMES
from benchmarks.conversions.environments import FOLDER, ROOT
from benchmarks.conversions.page import write
from benchmarks.conversions.tools import EXPORTS, TOOLS

if TYPE_CHECKING:
    from benchmarks.conversions.tools import Tool

MODELS = FOLDER / "models"
RESULTS = FOLDER / "results.json"

TIMEOUT = 3600
"""Seconds for one tool, all models."""

BESIDE = ("keras", "tensorflow", "torch", "onnx")
"""Whose versions are told of each environment, beside the tool's."""


def make_originals(framework: str) -> None:
    """Write the models of a framework, their results and their exports."""
    folder = MODELS / framework
    if all((folder / f"{name}.npz").exists() for name in NAMES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    command = [environments.python(EXPORTS), "-m", "benchmarks.conversions.originals", framework]
    subprocess.run([*command, str(folder), *NAMES], cwd=ROOT, env=_environment(), check=True)


def measure(framework: str, tool: Tool) -> dict[str, Any]:
    """What a tool comes to: its versions, and what comes of each model; or why it cannot be installed."""
    if tool.environment:
        why = environments.prepare(tool.environment, borrows=tool.borrows)
        if why:
            return {"refused": why}
        versions = environments.versions(tool.environment, (tool.package, *BESIDE))
    else:
        versions = {name: version(name) for name in dict.fromkeys((tool.package, *BESIDE[:3]))}
    return {"versions": versions, "models": _models(framework, tool)}


def _models(framework: str, tool: Tool) -> dict[str, list[dict[str, Any]]]:
    """What comes of each model; one that ends the process is one that fails."""
    python = environments.python(tool.environment) if tool.environment else sys.executable
    command = [python, "-m", "benchmarks.conversions.routes", tool.route, str(MODELS / framework)]
    found: dict[str, list[dict[str, Any]]] = {}
    while left := [name for name in NAMES if name not in found]:
        output, why = _run([*command, *left], tool.backend)
        for line in output.splitlines():
            item = json.loads(line)
            found[item["model"]] = item["attempts"]
        left = [name for name in NAMES if name not in found]
        if left:
            lines = why.strip().splitlines() or ["it ends the process"]
            found[left[0]] = [{"level": "", "fails": lines[-1]}]
    return found


def _run(command: list[str], backend: str) -> tuple[str, str]:
    """What a process prints, and what it says of errors."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**_environment(), "KERAS_BACKEND": backend},
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as problem:
        printed = problem.stdout or b""
        text = printed.decode("utf-8") if isinstance(printed, bytes) else str(printed)
        return text, f"takes more than {TIMEOUT} s"
    return done.stdout, done.stderr


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}


def main() -> None:
    """Measure, keep what was measured, and write the page."""
    tools = {(framework, tool.route): tool for framework in TOOLS for tool in TOOLS[framework]}
    parser = argparse.ArgumentParser()
    parser.add_argument("tools", nargs="*", metavar="TOOL", help="measure only these")
    parser.add_argument("--page", action="store_true", help="write docs/converters.md")
    parser.add_argument("--keep", action="store_true", help="keep the environments of TensorFlow")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for (framework, route), tool in tools.items():
        if options.tools and tool.label not in options.tools:
            continue
        if route in figures.get(framework, {}) and not options.tools:
            continue
        if why := environments.prepare(EXPORTS, borrows=True):
            sys.exit(f"exports cannot be made: {why}")
        make_originals(framework)
        print(f"{framework}: {tool.label}", file=sys.stderr)
        figures.setdefault(framework, {})[route] = measure(framework, tool)
        RESULTS.write_text(json.dumps(figures, indent=1), "utf-8")
        # An environment with a TensorFlow of its own takes gigabytes.
        if tool.environment and not tool.borrows and not options.keep:
            environments.remove(tool.environment)
    if options.page:
        write(figures)


if __name__ == "__main__":
    main()
