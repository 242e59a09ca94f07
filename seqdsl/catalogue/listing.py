"""candidates → text: the pictures, when each is meant, and its layers in a line."""

from __future__ import annotations

from textwrap import indent, wrap
from typing import TYPE_CHECKING

from seqdsl.catalogue.draw import pictures
from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.catalogue.fit import nearest, reasons
from seqdsl.catalogue.line import layers_line
from seqdsl.targets import TRAINED, find

if TYPE_CHECKING:
    from seqdsl.catalogue.draw import Wanted
    from seqdsl.catalogue.fit import Candidate

WIDTH = 96
"""The columns of a sentence, where nothing narrower is asked for."""


def overview(columns: int = WIDTH) -> str:
    """The whole catalogue: a name and a sentence for each entry."""
    width = max(len(entry.name) for entry in CATALOGUE)
    lines = []
    for entry in CATALOGUE:
        first = f"{entry.name:<{width}}  "
        lines += wrap(entry.when, columns, initial_indent=first, subsequent_indent=" " * len(first))
    return "\n".join(lines)


def listing(wanted: Wanted, fitting: list[Candidate], columns: int = WIDTH) -> str:
    """All pictures that fit, most likely first; there is at least one."""
    count = f"{len(fitting)} picture{'' if len(fitting) == 1 else 's'}"
    likeliest = ", most likely first" * (len(fitting) > 1)
    parts = [f"{wanted}: {count}{likeliest}", *(_shown(item, wanted, columns) for item in fitting)]
    return "\n\n".join([*parts, f"To write one: {command(fitting[0].entry.name, wanted)}"])


def command(name: str, wanted: Wanted) -> str:
    """The command that writes the file of an entry."""
    inputs = " ".join(f"--input {quoted(str(port))}" for port in wanted.inputs)
    units = f" --units {wanted.units}" if wanted.units else ""
    outputs = " ".join(f"--output {quoted(str(port))}" for port in wanted.outputs)
    return f"seqdsl new {name} {inputs} {outputs}{units}"


def quoted(text: str) -> str:
    """A shape as a shell leaves it alone."""
    return f"'{text}'" if "*" in text else text


def _shown(item: Candidate, wanted: Wanted, columns: int) -> str:
    facts = ", ".join([item.model.topology, *item.model.qualifiers])
    head = item.entry.name if facts == item.entry.name else f"{item.entry.name}: {facts}"
    when = wrap(item.entry.when, columns, initial_indent="  ", subsequent_indent="  ")
    if item.wanted != wanted:
        when.append(f"  In this order: {item.wanted}")
    drawn = indent("\n".join(pictures(item.entry, item.wanted)), "      ")
    lines = [f"  {name:<7}  {text}" for name, text in in_a_line(item).items()]
    return "\n".join([head, *when, "", drawn, "", *lines])


def in_a_line(item: Candidate) -> dict[str, str]:
    """The layers of a candidate in each framework, in a line."""
    return {find(name).title: layers_line(item.model, name) for name in TRAINED}


def nothing(wanted: Wanted) -> str:
    """Why no picture fits, and the closest matches."""
    lines = [f"{wanted}: no picture fits", *(f"  {reason}" for reason in reasons(wanted))]
    near = nearest(wanted)
    if near:
        lines += ["", "Closest matches:", *(f"  {other}" for other in near)]
    return "\n".join(lines)
