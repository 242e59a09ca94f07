"""layers by kind: what each makes of what its nodes see; an entry for every layer that computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.kinds.attend import attention
from seqdsl.model.kinds.combine import combine
from seqdsl.model.kinds.conv import conv
from seqdsl.model.kinds.recurrent import recurrent
from seqdsl.model.kinds.stepwise import embedding, plain, split, windowed
from seqdsl.model.layers import COMBINE, LAYERS, RECURRENT, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.model.application import Application
    from seqdsl.model.layers import Settings
    from seqdsl.model.site import Site

    Kind = Callable[[Site, int, Settings], Application | None]

KINDS: dict[str, Kind] = {
    **dict.fromkeys(LAYERS.keys() - SOURCES, plain),
    **dict.fromkeys(RECURRENT, recurrent),
    **dict.fromkeys(COMBINE, combine),
    "attention": attention,
    "conv": conv,
    "embedding": embedding,
    "split": split,
}

__all__ = ["KINDS", "windowed"]
