"""masks → PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, Prefix, Text, call, method
from seqdsl.targets.emit.padding import Spelling
from seqdsl.targets.torch.expressions import emit_ids, emit_mask

if TYPE_CHECKING:
    from seqdsl.targets.torch.emitter import TorchEmitter


def zeroed(value: Code, mask: Code) -> Code:
    """A value whose padded steps are zero."""
    return method(value, "masked_fill", Prefix("~", Index(mask, "..., None")), 0)


def _valid_tokens(ids: Code) -> Code:
    return Binary("!=", (ids, Text("0")))


def _check(index: int, mask: Code, to: TorchEmitter) -> None:
    to.run(call(to.function("check_padding"), mask))


SPELLING = Spelling(emit_ids, emit_mask, _valid_tokens, zeroed, _check)
