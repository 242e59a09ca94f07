"""Python statements as data: the forms that generated code has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from seqdsl.targets.code.expressions import Code


@dataclass(frozen=True, slots=True)
class Assign:
    """``target = value``, ``target: kind = value``, or ``a, (b, _) = value``."""

    targets: tuple[Code, ...]
    value: Code
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Declare:
    """``name: kind``, where what assigns several variables cannot say it."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Return:
    """``return a`` or ``return a, b``."""

    values: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """An expression as a statement."""

    value: Code


@dataclass(frozen=True, slots=True)
class Define:
    """``def name(parameters) -> result:``, the head of a function."""

    name: str
    parameters: tuple[Code, ...]
    result: Code


@dataclass(frozen=True, slots=True)
class For:
    """``for target in iterable:``, and what is done for each; without a body the head alone."""

    target: str
    iterable: Code
    body: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """``# text``."""

    text: str


Statement: TypeAlias = Assign | Declare | Return | Run | Define | For | Comment
