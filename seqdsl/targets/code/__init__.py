"""Python expressions and statements → lines: generated code is built as a tree that knows where it may be broken."""

from __future__ import annotations

from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Code,
    Entry,
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
from seqdsl.targets.code.statements import (
    Assign,
    Comment,
    Return,
    Run,
    Statement,
    item_lines,
    lines,
)

__all__ = [
    "Assign",
    "Attribute",
    "Binary",
    "Call",
    "Code",
    "Comment",
    "Entry",
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
    "item_lines",
    "lines",
    "listing",
    "method",
    "named",
    "tuple_of",
]
