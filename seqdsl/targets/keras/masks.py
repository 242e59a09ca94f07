"""masks → Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Code, Index, call
from seqdsl.targets.emit.padding import Spelling
from seqdsl.targets.keras.expressions import emit_ids, emit_mask

if TYPE_CHECKING:
    from seqdsl.targets.keras.emitter import KerasEmitter


def zeroed(value: Code, mask: Code) -> Code:
    """A value whose padded steps are zero."""
    return call("ops.where", Index(mask, "..., None"), value, "0.0")


def _valid_tokens(ids: Code) -> Code:
    return call("ops.not_equal", ids, 0)


def _check(index: int, mask: Code, to: KerasEmitter) -> None:
    """An input that must be padded at its end goes through a layer that checks it."""
    # What no output depends on is not part of a functional model: so the value itself goes through the check.
    layer = call(to.function("PaddedAtEnd"))
    to.values[index] = to.name("checked", call(layer, to.values[index], mask))


SPELLING = Spelling(emit_ids, emit_mask, _valid_tokens, zeroed, _check)
