"""examples → page: ``examples/README.md``; print it with ``python -m docs.pages.examples``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seqdsl.api import compile_all
from seqdsl.model.topology import Topology

if TYPE_CHECKING:
    from seqdsl.api import Model

FOLDER = Path(__file__).parents[2] / "examples"

_HEAD = """# Examples

Every picture of this folder, by its inferred topology. Each one is documentation and a test at once: its expected
topology, shapes and parameters are in [`expected.toml`](expected.toml), and its models are verified in every framework.
This page is generated from the files: `python -m docs.pages.examples`.

    seqdsl explain examples/stacked.seq
    seqdsl generate examples/stacked.seq --to keras

Start from [the topologies](../docs/topologies.md) if you have shapes of your own; [the language](../docs/language.md)
says what a picture may hold.
"""
_TABLE = "| model | what it is | layers, qualifiers |\n| --- | --- | --- |"
# Directives are for the formatter and for warnings; they say nothing of the model.
_DIRECTIVES = ("fmt:", "seqdsl:")


@dataclass(frozen=True, slots=True)
class Example:
    """One model of a file, and what the file's comment says of it."""

    model: Model
    file: str
    about: str

    @property
    def row(self) -> str:
        """Its row in the table of its topology."""
        kinds = list(dict.fromkeys(layer.kind for layer in self.model.spec.layers))
        facts = [", ".join(f"`{kind}`" for kind in kinds), *self.model.qualifiers]
        cells = (f"[{self.model.name}]({self.file})", self.about, "; ".join(filter(None, facts)))
        # A `|` in a comment would end the cell.
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def page(folder: Path = FOLDER) -> str:
    """The whole page, as Markdown."""
    found = examples(folder)
    sections = []
    for topology in Topology:
        rows = [item.row for item in found if item.model.topology == topology.value]
        if rows:
            sections.append("\n".join([f"## {topology.value}", "", _TABLE, *rows, ""]))
    return "\n".join([_HEAD, *sections])


def examples(folder: Path) -> list[Example]:
    """All models of a folder, by the names of their files and their order there."""
    return [
        Example(model, path.name, about(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.seq"))
        for model in compile_all(path.read_bytes(), path.name)
    ]


def about(text: str) -> str:
    """The first comment of a file that has lines of its own, without directives; empty if there is none.

    # A tagger of words:      the comment is "A tagger of words: one tag a step."
    # one tag a step.
    Y Y Y   dense(5)
    """
    lines: list[str] = []
    for line in text.splitlines():
        words = line.removeprefix("#").strip()
        if line.startswith("#") and not words.startswith(_DIRECTIVES):
            lines.append(words)
        elif lines:
            break
    return " ".join(lines)


if __name__ == "__main__":
    print(page(), end="")
