"""model → its picture as text: a ``.seq`` file that compiles to the same model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel


def to_text(model: CompiledModel) -> str:
    """The canonical picture with its definitions, under the model's name."""
    spec = model.spec
    # A file that holds a model holds those that it calls.
    return spec.text if spec.called else f"model {model.name}\n\n{spec.picture.rstrip()}\n"
