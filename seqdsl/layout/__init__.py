"""rows and wires → picture text: places what is to be drawn, and routes its wires."""

from __future__ import annotations

from seqdsl.layout.picture import (
    Bus,
    Ellipsis,
    Junction,
    Node,
    Picture,
    Ref,
    Row,
    Side,
    StateWire,
    Unplaceable,
)
from seqdsl.layout.write import layout, rows

__all__ = [
    "Bus", "Ellipsis", "Junction", "Node", "Picture", "Ref", "Row", "Side", "StateWire", "Unplaceable",
    "layout", "rows",
]  # fmt: skip
