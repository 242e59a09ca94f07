"""model → its picture as text: a ``.seq`` file that compiles to the same model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel


def to_text(model: CompiledModel) -> str:
    """The canonical picture with its definitions, under the model's name."""
    return f"model {model.name}\n\n{model.spec.picture.rstrip()}\n"
