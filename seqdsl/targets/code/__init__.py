"""Python expressions and statements → lines: generated code is built as a tree that knows where it may be broken."""

from __future__ import annotations

from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Code,
    Index,
    Items,
    Keyword,
    Prefix,
    Text,
    call,
    code,
    flat,
    listing,
    method,
    named,
    tuple_of,
)
from seqdsl.targets.code.statements import Assign, Comment, Return, Run, Statement, lines

__all__ = [
    "Assign",
    "Attribute",
    "Binary",
    "Call",
    "Code",
    "Comment",
    "Index",
    "Items",
    "Keyword",
    "Prefix",
    "Return",
    "Run",
    "Statement",
    "Text",
    "call",
    "code",
    "flat",
    "lines",
    "listing",
    "method",
    "named",
    "tuple_of",
]
