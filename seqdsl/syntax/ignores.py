"""comments → ignored warnings: ``# seqdsl: ignore SEQ401`` on a line, or on a line of its own for a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.codes import CODES
from seqdsl.diagnostics import Diagnostic
from seqdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.source import Source
    from seqdsl.syntax.ast import Picture

SIGN = "seqdsl:"
_COMMENT = re.compile(r"#[ \t]*seqdsl:[ \t]*(?P<word>[^\s,]*)(?P<codes>[^#]*)")
_CODE = re.compile(r"SEQ\w*")


def find_ignores(
    source: Source, pictures: Sequence[Picture]
) -> tuple[list[dict[int, tuple[str, ...]]], list[Diagnostic]]:
    """What the comments of a text ignore.

    Returns:
        For every picture the ignored codes (or their beginnings) by line, those of the whole model at line 0.
    """
    found: list[dict[int, tuple[str, ...]]] = [{} for _ in pictures]
    diagnostics: list[Diagnostic] = []
    for number, line in enumerate(source.lines, start=1):
        comment = line[line.find("#") :] if SIGN in line and "#" in line else ""
        match = _COMMENT.search(comment)
        if match is None or not pictures:
            continue
        column = len(line) - len(comment) + 1
        diagnostics += _faults(match, number, column)
        if match["word"] != "ignore":
            continue
        codes = tuple(item.group() for item in _codes(match)) or ("SEQ",)
        alone = not line[: len(line) - len(comment)].strip()
        ignored = found[_owner(number, pictures)]
        place = 0 if alone else number
        ignored[place] = ignored.get(place, ()) + codes
    return found, diagnostics


def is_ignored(item: Diagnostic, ignored: dict[int, tuple[str, ...]]) -> bool:
    """Whether a warning is ignored; an error never is."""
    codes = ignored.get(0, ()) + ignored.get(item.span.line, ())
    return not item.is_error and item.code.startswith(codes)


def _owner(line: int, pictures: Sequence[Picture]) -> int:
    """The picture that a comment belongs to: the one that it stands in or before, or else the last."""
    lasts = [picture.rows[-1].line for picture in pictures]
    return next((index for index, last in enumerate(lasts) if line <= last), len(lasts) - 1)


def _codes(match: re.Match[str]) -> Iterator[re.Match[str]]:
    """The codes after ``ignore``; the first other word begins the reason."""
    for word in re.compile(r"[^\s,]+").finditer(match.string, match.start("codes"), match.end()):
        code = _CODE.fullmatch(word.group())
        if code is None:
            return
        yield word


def _faults(match: re.Match[str], line: int, column: int) -> Iterator[Diagnostic]:
    if match["word"] != "ignore":
        at = column + match.start("word")
        yield Diagnostic(
            "SEQ115",
            f"`seqdsl: {match['word']}` says nothing to seqdsl",
            Span(line, at, at + max(1, len(match["word"]))),
            "write `# seqdsl: ignore SEQ401`, or begin the comment otherwise",
        )
        return
    for word in _codes(match):
        known = [code for code in CODES if code.startswith(word.group())]
        if any(CODES[code].severity == "warning" for code in known):
            continue
        what = "is an error, which cannot be ignored" if known else "is no code of a warning"
        yield Diagnostic(
            "SEQ115",
            f"`{word.group()}` {what}",
            Span(line, column + word.start(), column + word.end()),
            "name a warning, such as `SEQ401`; docs/errors.md lists them",
        )


__all__ = ["SIGN", "find_ignores", "is_ignored"]
