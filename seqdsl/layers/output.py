"""a result of the model: what it reads, as it is."""

from __future__ import annotations

from seqdsl.layers import Family, LayerDef, Look, Words

LAYER = LayerDef(
    "output",
    Family.OUTPUT,
    look=Look.OUTPUT,
    words=Words(
        summary="a result of the model, as it is read",
        does="passes its input through unchanged: {reads}",
        variable="y",
    ),
    order=3,
)
