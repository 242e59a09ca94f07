"""families of layers → functions: what a layer of each family makes of what its nodes read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.lowering.kinds.stepwise import WINDOWED, embedding, plain, split, windowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext

    Kind = Callable[[LoweringContext, int, Settings], Application | None]

_STEPWISE: dict[Family, Kind] = {
    **dict.fromkeys((Family.STEPWISE, Family.IDENTITY, Family.OUTPUT), plain),
    Family.LOOKUP: embedding,
    Family.SPLIT: split,
}


def kind_of(family: Family) -> Kind:
    """What applies the layers of a family, imported when needed: most pictures have two or three families."""
    if family is Family.SCAN:
        from seqdsl.lowering.kinds.recurrent import recurrent

        return recurrent
    if family is Family.COMBINATION:
        from seqdsl.lowering.kinds.combine import combine

        return combine
    if family is Family.ATTENTION:
        from seqdsl.lowering.kinds.attend import attention

        return attention
    if family is Family.WINDOW:
        from seqdsl.lowering.kinds.conv import conv

        return conv
    if family is Family.CONSTANT:
        from seqdsl.lowering.kinds.constant import constant

        return constant
    if family is Family.CALL:
        from seqdsl.lowering.kinds.called import call

        return call
    return _STEPWISE[family]


__all__ = ["WINDOWED", "kind_of", "windowed"]
