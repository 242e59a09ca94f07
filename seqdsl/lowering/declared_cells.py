"""the cells of a file → the layers that run them, and what is wrong with their names and equations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seqdsl.layers import find_layer
from seqdsl.records import record
from seqdsl.syntax.names import check_name
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layers._declared import CellKind
    from seqdsl.syntax.ast import Picture
    from seqdsl.syntax.equations import CellDefinition


FRAME = ("mask", "training", "inputs", "states", "units", "suffix", "backward")
"""What the generated code of every cell calls something else."""


def declared_cells(definitions: Sequence[CellDefinition]) -> dict[str, CellKind | None]:
    """The layer of each cell by name; ``None`` where its equations mean nothing."""
    # Most files have no cells, and read nothing of what they are made of.
    if not definitions:
        return {}
    from seqdsl.cells.declare import declare
    from seqdsl.layers._declared import CellKind

    cells = {item.name: declare(item)[0] for item in definitions}
    return {name: None if cell is None else CellKind(cell) for name, cell in cells.items()}


@record(frozen=True)
class OwnKinds(Mapping[str, "str | None"]):
    """The kinds of layers that are the file's own, by name.

    A picture that is not called is known by its name, so that a name like it may be meant; the names are looked
    through then only, as each of a thousand pictures has a thousand siblings.

    Attributes:
        used: cells, and pictures that are called.
        siblings: the names of all pictures of the file.
        name: the name of the picture itself, which is no layer of it.
    """

    used: Mapping[str, str | None]
    siblings: frozenset[str]
    name: str

    def __getitem__(self, name: str) -> str | None:
        """The kind of a name."""
        if name in self.used:
            return self.used[name]
        if name in self.siblings and name != self.name:
            return name
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """The names, in an order that is the same each time."""
        return iter(sorted(self.used.keys() | self.siblings - {self.name}))

    def __len__(self) -> int:
        """How many names there are."""
        return sum(1 for _ in self)


def own_kinds(picture: Picture) -> Mapping[str, str | None]:
    """The kinds of layers that are the file's own, by name: its cells, and its pictures that others call."""
    # The name of a cell is the cell's.
    used = {**picture.called, **declared_cells(picture.cells)}
    return OwnKinds(used, picture.siblings, picture.name) if picture.siblings else used


def check_cells(definitions: Sequence[CellDefinition]) -> list[Diagnostic]:
    """What is wrong with the cells of a file, whether or not they are used."""
    if not definitions:
        return []
    from seqdsl.cells.declare import declare

    diagnostics: list[Diagnostic] = []
    for item in definitions:
        diagnostics += _name_problems(item)
        diagnostics += declare(item)[1]
    return diagnostics


def is_form(name: str) -> bool:
    """Whether a name is that of the equations that a layer runs with some argument: ``projected_lstm``."""
    layers = filter(None, map(find_layer, name.split("_")))
    return any(name == cell.name for layer in layers for _, cell in layer.cells)


def _name_problems(item: CellDefinition) -> Iterator[Diagnostic]:
    """What keeps the names of a cell from being names."""
    name = item.name
    if len(name) < 2:
        hint = f"write two letters or more, for example `{name}_cell`"
        message = f"`{name}` is a single letter, and no cell's name"
        yield Diagnostic("SEQ121", message, item.span, hint)
    elif find_layer(name) is not None or is_form(name):
        message = f"`{name}` is a layer, and cannot be a cell's name"
        hint = f"write another name, for example `my_{name}`"
        yield Diagnostic("SEQ121", message, item.span, hint)
    else:
        yield from check_name(name, item.span, "a cell")
    for parameter in item.parameters:
        yield from check_name(parameter.name, parameter.span, "a parameter")
    for equation in item.equations:
        for word in equation.names:
            yield from check_name(word.value, word.span, "an equation")
            if word.value in FRAME:
                message = f"`{word.value}` is reserved in the generated code"
                yield Diagnostic(
                    "SEQ108", message, word.span, f"rename it, for example to `{word.value}_1`"
                )
