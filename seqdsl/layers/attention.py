"""attention: each step of a query reads the mean of a memory, weighted by a score of the query and each of its keys.

By plain dot products (Luong et al. 2015) or a trained vector (Bahdanau et al. 2014), of what is read or of projections
of it, or with heads, each with projections of its own (Vaswani et al. 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    NAMED_ROW,
    NAMED_ROW_WORDS,
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

_HEADS, _KEY, _MEMORY = Size.of("heads"), Size.of("key"), Size.of("memory")
_COMPARED = Size.of("compared")
"""Features of the keys: of a row of their own, or of the memory."""
_PROJECTED = Size.of("projected")
"""The width in which queries and keys are compared, of all heads together."""


def _derive(sizes: Mapping[str, Size]) -> Mapping[str, Size]:
    """What queries and keys are projected to.

    ::

        attention(heads=4)           in            each head has a fourth of it
        attention(heads=4, key=16)   heads * key
        attention(key=16)            key
    """
    width, key = sizes["in"], sizes.get("key")
    return {
        "compared": sizes.get("keys", sizes["memory"]),
        "projected": width if key is None else key * sizes.get("heads", Size.of(1)),
    }


def evaluate(
    query: Array,
    memory: Array,
    weights: Mapping[str, Array],
    given: Mapping[str, Any],
    keys: Array | None = None,
) -> Array:
    """What each step of a query (..., steps, features) reads of a memory (..., others, features), by its keys."""
    import numpy as np

    def project(name: str, x: Array) -> Array:
        # Without heads and without a `key` there is nothing to project with.
        kernel, bias = weights.get(f"{name}/kernel"), weights.get(f"{name}/bias", 0)
        return x if kernel is None else x @ kernel + bias

    heads, keys = given["heads"], memory if keys is None else keys
    if heads is None:
        return _attend(project("query", query), project("key", keys), memory, weights, given)
    # Of 6 features and 2 heads: the first head has the features 0 to 2 of what is projected, the second 3 to 5.
    named = (("query", query), ("key", keys), ("value", memory))
    parts = [np.split(project(name, x), heads, -1) for name, x in named]
    scaled = {**given, "scale": True}
    read = [_attend(q, k, v, weights, scaled) for q, k, v in zip(*parts, strict=True)]
    return project("output", np.concatenate(read, -1))


def _attend(
    query: Array,
    keys: Array,
    values: Array,
    weights: Mapping[str, Array],
    given: Mapping[str, Any],
) -> Array:
    import numpy as np

    from seqdsl.cells.activations import softmax

    scores = _scores(query, keys, weights, given)
    if given["causal"]:
        # Each step reads itself and the steps before it:
        #     1 0 0
        #     1 1 0
        #     1 1 1
        scores = np.where(np.tri(*scores.shape[-2:]) > 0, scores, -np.inf)
    return softmax(scores) @ values


def _scores(
    query: Array, keys: Array, weights: Mapping[str, Array], given: Mapping[str, Any]
) -> Array:
    """How alike each step of a query is to each key, (..., steps, others)."""
    import numpy as np

    if given["score"] == "additive":
        # scale . tanh(query + key), of every pair: (..., steps, 1, width) + (..., 1, others, width)
        pairs = np.tanh(query[..., :, None, :] + keys[..., None, :, :])
        return np.asarray(pairs @ weights["scale"])
    scores = query @ np.swapaxes(keys, -1, -2)
    return scores / np.sqrt(query.shape[-1]) if given["scale"] else scores


def _weights() -> Iterator[Weight]:
    projects = ("heads", "key")
    # Of 6 features and a memory of 5, with heads: query (6, 6), key (5, 6), value (5, 6), output (6, 6); with
    # `heads=2, key=4` query (6, 8), key (5, 8), value (5, 8), output (8, 6); with `key=4` query (6, 4), key (5, 4).
    for name, width in (("query", IN), ("key", _COMPARED)):
        yield Weight(f"{name}/kernel", Role.KERNEL, (width, _PROJECTED), needs=projects)
        yield Weight(f"{name}/bias", Role.BIAS, (_PROJECTED,), needs="heads")
    yield Weight("value/kernel", Role.KERNEL, (_MEMORY, _PROJECTED), needs="heads")
    yield Weight("value/bias", Role.BIAS, (_PROJECTED,), needs="heads")
    yield Weight("output/kernel", Role.KERNEL, (_PROJECTED, IN), needs="heads")
    yield Weight("output/bias", Role.BIAS, (IN,), needs="heads")
    yield Weight("scale", Role.SCALE, (_PROJECTED,), needs="score")


_MEMORY_WIRES = "the wire from below its node is the query, a bus of all steps is the memory"

LAYER = LayerDef(
    "attention",
    Family.ATTENTION,
    Signature(
        (NAMED_ROW,),
        0,
        (
            Argument("keys", Kind.LETTER),
            Argument("heads", Kind.SIZE),
            Argument("causal", Kind.BOOL, False),
            Argument("score", Kind.SCORE, "dot"),
            Argument("scale", Kind.BOOL),
            Argument("key", Kind.SIZE),
            Argument("dropout", Kind.RATE),
        ),
        "attention(heads=4)",
    ),
    inferred=(Inferred("memory", Kind.SIZE), Inferred("keys", Kind.SIZE, is_optional=True)),
    weights=tuple(_weights()),
    settings=(
        Setting("heads", size=_HEADS, needs="heads"),
        Setting("key width", size=IN // _HEADS, needs="heads", unless="key"),
        Setting("key", size=_KEY, needs="key"),
    ),
    derive=_derive,
    loses=("dropout",),
    evaluate=evaluate,
    look=Look.ATTENTION,
    words=Words(
        summary="for each step, the mean of a memory weighted by likeness",
        arguments={
            **NAMED_ROW_WORDS,
            "keys": "the row that the query is compared with, by its letter, if it is another one than the values",
            "heads": "how many parts attend separately, each with projections of its own",
            "causal": "whether each step attends to itself and earlier steps alone",
            "score": "how a query and a key are compared: `dot`, their product, or `additive`, a trained vector",
            "scale": "whether products are divided by the square root of the features",
            "key": "features to which queries and keys are projected, for each head",
            "dropout": "the share of its weights of likeness that is dropped in training",
        },
        weights={
            (
                "query",
                "key",
                "value",
                "output",
            ): "projections of the query, of keys and values, and of the result",
            ("query", "key"): "projections of query and keys",
            ("query", "key", "scale"): "projections of query and keys, and a vector",
            ("scale",): "a vector",
        },
        elsewhere=(
            Counterpart(
                "attention luongattention dotattention dotproductattention",
                "use_scale score_mode dropout seed",
            ),
            Counterpart(
                "additiveattention",
                "use_scale dropout",
                instead={
                    "use_scale": Instead(
                        "", "not in the language; `score=additive` has a trained vector", True
                    )
                },
                given=(("score", "additive"),),
            ),
            Counterpart(
                "bahdanau bahdanauattention concatattention",
                "key",
                given=(("score", "additive"),),
                draw=_MEMORY_WIRES,
            ),
            Counterpart(
                "scaleddotproduct scaleddotproductattention scaleddotattention",
                "",
                given=(("scale", "true"),),
                draw=_MEMORY_WIRES,
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
            "memory": "values",
            "value": "values",
            "key_dim": "key",
            "key_size": "key",
            "attention_dim": "key",
            "attn_dim": "key",
            "dropout_p": "dropout",
            "attn_dropout": "dropout",
            "attention_dropout": "dropout",
        },
        instead={
            "value_dim": "a head's values have as many features as its keys",
            "kdim": "the memory tells",
            "vdim": "the memory tells",
            "embed_dim": "the row of queries tells",
            "units": "`key={value}` projects queries and keys to so many features; else the row of queries tells",
            "query_dim": "the row of queries tells",
            "memory_dim": "the memory tells",
            "output_shape": "it gives as many features as its query has; draw a `dense` row above it",
            "attention_axes": "it attends over steps",
            "use_scale": "a trained factor is not in the language; `scale=true` divides by the root of the features",
            "score_mode": Instead(
                "not in the language; `score=additive` compares by a trained vector", default="dot"
            ),
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
