"""model → its layers in a line, in the order in which they are applied.

``LSTM(32, return_sequences=True) → Cropping1D((3, 0)) → Dense(1)``: of the code that users get, so that the line
cannot say anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets import applied

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel

ARROW = " → "


def layers_line(model: CompiledModel, target: str) -> str:
    """The layers of a model's source for a framework; parameters are shown as their defaults."""
    return ARROW.join(applied(model.spec, target))
