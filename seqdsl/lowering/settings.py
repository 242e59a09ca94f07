"""settings: what a call of a layer sets, once it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import is_recurrent, is_source, layer_def
from seqdsl.layers._parts import AXES
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell
    from seqdsl.layers import LayerDef
    from seqdsl.syntax.ast import Call


@record(frozen=True)
class Settings:
    """A layer call, checked: the layer of a letter or of an anonymous block.

    Attributes:
        kind: the layer.
        arguments: the arguments by name: `Size`, float, bool or word.
        name: the word given by ``name=``.
        call: where it was written; ``None`` for a default layer.
    """

    kind: str
    arguments: dict[str, Size | float | bool | str]
    name: str | None = None
    call: Call | None = None

    @property
    def definition(self) -> LayerDef:
        """The layer's definition."""
        return layer_def(self.kind)

    @property
    def is_source(self) -> bool:
        """Whether data begins here."""
        return is_source(self.kind)

    @property
    def is_recurrent(self) -> bool:
        """Whether the layer carries state from step to step."""
        return is_recurrent(self.kind)

    @property
    def grid(self) -> tuple[Size, ...]:
        """The places that each step of an input holds; empty: it holds features alone."""
        return tuple(self.size(name) for name in AXES if name in self.arguments)

    @property
    def losses(self) -> tuple[float | str, ...]:
        """The rates at which features are lost in training, or the parameters that set them."""
        definition = self.definition
        if definition.is_declared and definition.cell is not None:
            return tuple(map(self._rate, definition.cell.random_rates()))
        found = (self.arguments.get(name) for name in definition.loses)
        return tuple(rate for rate in found if isinstance(rate, float | str))

    def _rate(self, rate: float | str) -> float | str:
        """A rate of a cell's equations: a number, or what the cell's parameter is here."""
        # dropout(h, 0.1) of a cell is 0.1; dropout(h, rate) is the `rate=` of the layer, or of the cell
        if not isinstance(rate, str):
            return rate
        found = self.definition.given(self.arguments)[rate]
        assert isinstance(found, float | str)
        return found

    @property
    def cell(self) -> Cell:
        """The equations of a recurrent layer."""
        found = self.definition.cell_of(self.arguments)
        assert found is not None
        return found

    def state_widths(self) -> tuple[Size, ...]:
        """The features of each state of a recurrent layer in one direction, its value first."""
        return self.definition.state_widths(self.arguments)

    def size(self, name: str) -> Size:
        """A size among the arguments."""
        value = self.arguments[name]
        assert isinstance(value, Size)
        return value
