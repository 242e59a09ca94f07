"""families of layers → functions: what a layer of each family makes of what its nodes see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.model.kinds.attend import attention
from seqdsl.model.kinds.combine import combine
from seqdsl.model.kinds.conv import conv
from seqdsl.model.kinds.recurrent import recurrent
from seqdsl.model.kinds.stepwise import WINDOWED, embedding, plain, split, windowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.model.application import Application
    from seqdsl.model.layers import Settings
    from seqdsl.model.site import Site

    Kind = Callable[[Site, int, Settings], Application | None]

KINDS: dict[Family, Kind] = {
    **dict.fromkeys((Family.STEPWISE, Family.IDENTITY, Family.OUTPUT), plain),
    Family.SCAN: recurrent,
    Family.COMBINATION: combine,
    Family.ATTENTION: attention,
    Family.WINDOW: conv,
    Family.LOOKUP: embedding,
    Family.SPLIT: split,
}

__all__ = ["KINDS", "WINDOWED", "windowed"]
