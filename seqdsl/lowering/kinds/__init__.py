"""families of layers → functions: what a layer of each family makes of what its nodes read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.lowering.kinds.attend import attention
from seqdsl.lowering.kinds.combine import combine
from seqdsl.lowering.kinds.constant import constant
from seqdsl.lowering.kinds.conv import conv
from seqdsl.lowering.kinds.recurrent import recurrent
from seqdsl.lowering.kinds.stepwise import WINDOWED, embedding, plain, split, windowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext

    Kind = Callable[[LoweringContext, int, Settings], Application | None]


def called(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """Another picture of the file; hardly any file has one."""
    from seqdsl.lowering.kinds.called import call

    return call(context, index, settings)


KINDS: dict[Family, Kind] = {
    **dict.fromkeys((Family.STEPWISE, Family.IDENTITY, Family.OUTPUT), plain),
    Family.CONSTANT: constant,
    Family.SCAN: recurrent,
    Family.COMBINATION: combine,
    Family.ATTENTION: attention,
    Family.WINDOW: conv,
    Family.LOOKUP: embedding,
    Family.SPLIT: split,
    Family.CALL: called,
}

__all__ = ["KINDS", "WINDOWED", "windowed"]
