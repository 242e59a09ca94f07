"""attention: each step of a query reads the mean of a memory, weighted by how alike the two are.

By plain dot products (Luong et al. 2015), or with heads, each with projections of its own (Vaswani et al. 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    Argument,
    Counterpart,
    Family,
    Inferred,
    Instead,
    Kind,
    LayerDef,
    Look,
    Role,
    Setting,
    Signature,
    Weight,
    Words,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.cells.activations import Array

_HEADS, _MEMORY = Size.of("heads"), Size.of("memory")


def evaluate(
    query: Array, memory: Array, weights: Mapping[str, Array], given: Mapping[str, Any]
) -> Array:
    """What each step of a query (..., steps, features) reads of a memory (..., others, features)."""
    import numpy as np

    heads = given["heads"]
    # softmax(query @ memory.T) @ memory, without the scale that dot products of heads have
    if heads is None:
        return _attend(query, memory, memory, given)

    def parts(name: str, x: Array) -> list[Array]:
        projected = x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
        return np.split(projected, heads, -1)

    # Of 6 features and 2 heads: the first head has the features 0 to 2 of what is projected, the second 3 to 5.
    q, k, v = parts("query", query), parts("key", memory), parts("value", memory)
    scale = 1 / np.sqrt(q[0].shape[-1])
    read = [_attend(q[i] * scale, k[i], v[i], given) for i in range(heads)]
    return np.concatenate(read, -1) @ weights["output/kernel"] + weights["output/bias"]


def _attend(query: Array, keys: Array, values: Array, given: Mapping[str, Any]) -> Array:
    import numpy as np

    from seqdsl.cells.activations import softmax

    scores = query @ np.swapaxes(keys, -1, -2)
    if given["causal"]:
        # Each step reads itself and the steps before it:
        #     1 0 0
        #     1 1 0
        #     1 1 1
        scores = np.where(np.tri(*scores.shape[-2:]) > 0, scores, -np.inf)
    return softmax(scores) @ values


def _projections() -> Iterator[Weight]:
    for name, width in (("query", IN), ("key", _MEMORY), ("value", _MEMORY), ("output", IN)):
        # Of 6 features and a memory of 5: query (6, 6), key (5, 6), value (5, 6), output (6, 6), whatever the heads.
        yield Weight(f"{name}/kernel", Role.KERNEL, (width, IN), needs="heads")
        yield Weight(f"{name}/bias", Role.BIAS, (IN,), needs="heads")


_MEMORY_WIRES = "the wire from below its node is the query, a bus of all steps is the memory"

LAYER = LayerDef(
    "attention",
    Family.ATTENTION,
    Signature(
        (),
        0,
        (Argument("heads", Kind.SIZE), Argument("causal", Kind.BOOL, False)),
        "attention(heads=4)",
    ),
    inferred=(Inferred("memory", Kind.SIZE),),
    weights=tuple(_projections()),
    settings=(
        Setting("heads", size=_HEADS, needs="heads"),
        Setting("key width", size=IN // _HEADS, needs="heads"),
    ),
    evaluate=evaluate,
    look=Look.ATTENTION,
    words=Words(
        summary="for each step, the mean of a memory weighted by likeness",
        weights="projections of the query, of keys and values, and of the result",
        elsewhere=(
            Counterpart(
                "attention luongattention dotattention dotproductattention",
                "use_scale score_mode dropout seed",
            ),
            Counterpart(
                "multiheadattention mha multiheadselfattention",
                "num_heads key_dim value_dim dropout use_bias output_shape attention_axes",
                draw=_MEMORY_WIRES,
            ),
            Counterpart(
                "multiheadattention mha multiheadselfattention",
                "embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim",
                spelling="MultiheadAttention",
                draw=_MEMORY_WIRES,
            ),
            Counterpart("selfattention crossattention", "num_heads", draw=_MEMORY_WIRES),
        ),
        renamed={
            "num_heads": "heads",
            "n_heads": "heads",
            "nhead": "heads",
            "use_causal_mask": "causal",
            "is_causal": "causal",
        },
        instead={
            "key_dim": "a head's keys have features / heads features",
            "value_dim": "a head's values have features / heads features",
            "kdim": "the memory tells",
            "vdim": "the memory tells",
            "embed_dim": "the row of queries tells",
            "units": "the row of queries tells",
            "output_shape": "it gives as many features as its query has; draw a `dense` row above it",
            "attention_axes": "it attends over steps",
            "use_scale": "not in the language; `heads=1` divides by the root of the features",
            "score_mode": Instead("not in the language; scores are dot products", default="dot"),
            "dropout": "not in the language; draw a row `dropout({value})` above it",
            "use_bias": Instead(
                "", "not in the language; with `heads=` it always has biases", True
            ),
            "bias": Instead("", "not in the language; with `heads=` it always has biases", True),
            "add_bias_kv": "not in the language",
            "add_zero_attn": "not in the language",
            "sliding_window": "not in the language; `conv(units, {value})` reads a window of steps",
            "flash_attention": "remove it: the framework chooses how it computes",
            "use_gate": "not in the language; draw a `multiply` row above it",
        },
    ),
    order=10,
)
