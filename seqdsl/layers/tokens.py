"""data: ids of tokens, one a step, which an embedding looks up."""

from __future__ import annotations

from seqdsl.layers import Argument, Counterpart, Family, Kind, LayerDef, Look, Signature, Words

LAYER = LayerDef(
    "tokens",
    Family.SOURCE,
    Signature(
        (Argument("vocabulary", Kind.SIZE),),
        1,
        # `mask=0`: a step of id 0 is padding. `lengths=true`: how many ids are valid is an argument of the model.
        (
            Argument("mask", Kind.ID),
            Argument("lengths", Kind.BOOL),
            Argument("padding", Kind.PLACE),
            Argument("feedback", Kind.LETTER),
        ),
        "tokens(1000)",
        # tokens(1000, 12): 12 ids a step, such as the characters of a word
        longer=((Argument("vocabulary", Kind.SIZE), Argument("places", Kind.SIZE)),),
    ),
    # No `output`: ids have no features; see `LayerDef.gives_ids`.
    begins_mask=("mask", "lengths"),
    look=Look.INPUT,
    words=Words(
        summary="ids of tokens from a vocabulary, one a step",
        arguments={
            "vocabulary": "how many different ids there are",
            "mask": "the id that is padding",
            "lengths": "whether the model takes how many steps of each sample are valid",
            "padding": "where padded steps are: `any` or `end`",
            "feedback": "the row, by its letter, whose last choice it is when the model runs free",
            "places": "ids in each step",
        },
        elsewhere=(Counterpart("tokens ids tokenids"),),
        renamed={
            "vocab_size": "vocabulary",
            "vocabulary_size": "vocabulary",
            "num_embeddings": "vocabulary",
            "num_tokens": "vocabulary",
            "input_dim": "vocabulary",
        },
        instead={"mask_zero": "write `mask=0`: id 0 is padding"},
        variable="x",
    ),
    order=2,
)
