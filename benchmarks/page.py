"""figures → ``docs/benchmarks.md``: the page of results, ratios first.

    python -m benchmarks.page FOLDER

The folder holds what the other modules wrote with ``--json``: ``torch.json``, ``compiled.json`` (by ``torch.compile``),
``keras.json``, ``generation.json``, ``compile.json``, ``verify.json``, ``reading.json``, ``growth.json`` and
``commands.json``.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import compile as compiler
from benchmarks import generation, growth, models, reading, verify

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
TEXT = Path(__file__).with_name("page.md")
GOAL = models.GOAL


def processor() -> str:
    """The kind of processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def machine() -> str:
    """The machine and the versions, in a line."""
    packages = ("keras", "tensorflow", "torch", "lark", "networkx")
    known = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} cores ({processor()}), Python {platform.python_version()}, {known}"


def ratios(figures: dict[str, dict[str, dict[str, list[float]]]]) -> list[tuple[float, str]]:
    """Every ratio, generated over hand-written, with what it is of."""
    return [
        (ours / theirs, f"`{name}`, {what}, {size} sizes")
        for size, by_name in figures.items()
        for name, by_task in by_name.items()
        for what, (ours, theirs) in by_task.items()
    ]


def summary(figures: dict[str, dict[str, dict[str, list[float]]]]) -> str:
    """How many ratios are within the goal, and which are not."""
    found = sorted(ratios(figures), reverse=True)
    beyond = [f"{ratio:.2f} ({what})" for ratio, what in found if round(ratio, 2) > GOAL]
    middle = found[len(found) // 2][0]
    text = f"{len(found) - len(beyond)} of {len(found)} ratios are at most {GOAL}; the median is {middle:.2f}, "
    text += f"the smallest {found[-1][0]:.2f} ({found[-1][1]})."
    return text + (f" Beyond the goal: {'; '.join(beyond)}." if beyond else "")


def parts(folder: Path) -> dict[str, str]:
    """Everything that the page's text has a place for."""
    read: dict[str, Any] = {
        path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")
    }
    found = {"machine": machine()}
    for target in ("torch", "keras", "compiled"):
        if target in read:
            found[f"{target}_summary"] = summary(read[target])
            for size, figures in read[target].items():
                found[f"{target}_{size}"] = models.section(figures)
    if "generation" in read:
        found["generation"] = generation.section(read["generation"])
    if "reading" in read:
        found["reading"] = reading.section(read["reading"])
    for name in ("growth", "commands"):
        if name in read:
            found[name] = growth.section(read[name])
    found |= {f"compile_{name}": text for name, text in compiler.sections(read["compile"]).items()}
    return found | {
        f"verify_{name}": text for name, text in verify.sections(read["verify"]).items()
    }


def main() -> None:
    """Write the page."""
    text = TEXT.read_text("utf-8")
    for name, part in parts(Path(sys.argv[1])).items():
        text = text.replace(f"{{{{ {name} }}}}", part)
    assert "{{" not in text, text[text.index("{{") :].partition("\n")[0]
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
