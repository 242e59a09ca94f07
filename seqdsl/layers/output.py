"""a result of the model: what it reads, as it is."""

from __future__ import annotations

from seqdsl.layers import Counterpart, Family, LayerDef, Look, Words

LAYER = LayerDef(
    "output",
    Family.OUTPUT,
    look=Look.OUTPUT,
    words=Words(
        summary="a result of the model, as it is read",
        does="passes its input through unchanged: {reads}",
        elsewhere=(Counterpart("output outputs result"),),
        instead={"units": "it gives what it reads; write `dense({value})` to compute"},
        variable="y",
    ),
    order=3,
)
