"""docs/trained/*.json → docs/trained.md: the table of what the scripts measured.

python examples/trained/page.py
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "trained.md"
FIGURES = ROOT / "docs" / "trained"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
"""What stands between these two lines is written by this script."""


def cell(value: object) -> str:
    """A figure as it stands in the table."""
    if isinstance(value, dict):
        return "; ".join(f"{name} {cell(item)}" for name, item in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def table(folder: Path) -> str:
    """The table of all figures in a folder."""
    rows = ["| run | measured | minutes of processor time |", "| --- | --- | --- |"]
    for path in sorted(folder.glob("*.json")):
        figures = json.loads(path.read_text("utf-8"))
        minutes = figures.pop("minutes")
        figures.pop("samples", None)
        measured = "<br>".join(
            f"{name.replace('_', ' ')}: {cell(item)}" for name, item in figures.items()
        )
        rows.append(
            f"| [{path.stem.replace('_', ' ')}](trained/{path.stem}.png) | {measured} | {minutes} |"
        )
    return "\n".join(rows) + "\n"


def samples(folder: Path) -> str:
    """What the model of text wrote, at each temperature."""
    path = folder / "text_torch.json"
    if not path.exists():
        return ""
    texts = json.loads(path.read_text("utf-8"))["samples"]
    parts = [f"\nAt temperature {name}:\n\n```text\n{text}\n```\n" for name, text in texts.items()]
    return "".join(parts)


def page(text: str, folder: Path = FIGURES) -> str:
    """The text of the page with the figures of a folder."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table(folder)}{samples(folder)}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
