"""catalogue → page: ``docs/topologies.md``; print it with ``python -m seqdsl.catalogue.page``."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from seqdsl.catalogue.draw import pictures
from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.catalogue.fit import compiled
from seqdsl.catalogue.listing import in_a_line
from seqdsl.catalogue.named import by_steps

if TYPE_CHECKING:
    from seqdsl.catalogue.entry import Entry

_HEAD = """# Topologies

The pictures that `seqdsl new` offers: when to use each, and its layers in a line. The page is generated from the
catalog in `seqdsl/catalogue`. `seqdsl new NAME` writes one; `seqdsl new --input 20,4 --output 25,1` shows those
that fit your shapes, drawn for them.
"""
_WIDTH = 118


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_HEAD, *map(_section, CATALOGUE)])


def _section(entry: Entry) -> str:
    wanted = by_steps(entry, None, None, None)
    candidate = compiled(entry, wanted)
    facts = ", ".join([candidate.model.topology, *candidate.model.qualifiers])
    drawn = "\n".join(pictures(entry, wanted))
    lines = [f"- {name}: `{text}`" for name, text in in_a_line(candidate).items()]
    parts = [
        f"## {entry.name}",
        fill(entry.when, _WIDTH),
        f"It is: {facts}.",
        f"```seq\n{drawn}\n```",
    ]
    return "\n\n".join([*parts, "\n".join(lines)]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
