"""attention's arguments → what computes it: PyTorch's function, its layer, or a class of the module's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WITH_FUNCTIONS = frozenset(
    {
        "ProjectedAttention",
        "MultiHeadAttention",
        "project_memory",
        "attend_heads",
        "project_heads",
        "join_heads",
    }
)
"""The classes and functions that call `torch.nn.functional`."""

STEPWISE = frozenset(
    {"BahdanauAttention", "ProjectedAttention", "MultiHeadAttention", "SinePositions"}
)
"""The classes that a model which runs free calls step by step."""


def attention_class(arguments: Mapping[str, object]) -> str | None:
    """The class of the module's own that an attention needs; ``None``: PyTorch has a layer or a function for it.

    ::

        attention                         F.scaled_dot_product_attention, or the product itself
        attention(heads=4)                nn.MultiheadAttention, whose heads share the width
        attention(heads=4, key=16)        MultiHeadAttention
        attention(key=16)                 ProjectedAttention
        attention(score=additive)         AdditiveAttention
        attention(score=additive, key=8)  BahdanauAttention
    """
    has_key = arguments["key"] is not None
    if arguments["heads"] is not None:
        return "MultiHeadAttention" if has_key else None
    if arguments["score"] == "additive":
        return "BahdanauAttention" if has_key else "AdditiveAttention"
    return "ProjectedAttention" if has_key else None
