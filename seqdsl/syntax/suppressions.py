"""comments → ignored warnings: ``# seqdsl: ignore SEQ401`` on a line, or on a line of its own for a model."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from seqdsl.text.close_words import close_words
from seqdsl.text.codes import CODES
from seqdsl.text.diagnostics import Diagnostic, instead
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.syntax.ast import Picture
    from seqdsl.text.source import Source

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
    ignores: list[dict[int, tuple[str, ...]]] = [{} for _ in pictures]
    diagnostics: list[Diagnostic] = []
    lasts = [picture.rows[-1].line for picture in pictures]
    for number, line in enumerate(source.lines, start=1):
        comment = _comment(line)
        match = _COMMENT.search(comment)
        if match is None or not pictures:
            continue
        column = len(line) - len(comment) + 1
        diagnostics += _faults(match, number, column)
        if match["word"] != "ignore":
            continue
        codes = tuple(item.group() for item in _codes(match)) or ("SEQ",)
        alone = not line[: len(line) - len(comment)].strip()
        # A comment belongs to the picture that it is in or before, or else to the last.
        ignored = ignores[min(bisect_left(lasts, number), len(lasts) - 1)]
        place = 0 if alone else number
        ignored[place] = _added(ignored.get(place, ()), codes)
    return ignores, diagnostics


def _comment(line: str) -> str:
    """The comment of a line, if it may be one of ours."""
    return line[line.find("#") :] if SIGN in line and "#" in line else ""


def _added(before: tuple[str, ...], codes: Sequence[str]) -> tuple[str, ...]:
    """Ignored codes and more; however many comments there are, there are no more codes than those that exist."""
    added = [code for code in codes if code in _beginnings() and code not in before]
    return (*before, *dict.fromkeys(added))


def is_ignored(item: Diagnostic, ignored: dict[int, tuple[str, ...]]) -> bool:
    """Whether a warning is ignored; an error never is."""
    codes = ignored.get(0, ()) + ignored.get(item.span.line, ())
    return not item.is_error and item.code.startswith(codes)


@cache
def _beginnings() -> dict[str, bool]:
    """Every beginning of a code, and whether a warning's code begins so."""
    beginnings: dict[str, bool] = {}
    for code, item in CODES.items():
        for end in range(len("SEQ"), len(code) + 1):
            beginnings[code[:end]] = beginnings.get(code[:end], False) or item.severity == "warning"
    return beginnings


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
        span = Span(line, at, at + max(1, len(match["word"])))
        close = close_words(match["word"], ["ignore"])
        hint = "write `# seqdsl: ignore SEQ401`, or start the comment with another word"
        hint = "did you mean `ignore`?" if close else hint
        message = f"`seqdsl: {match['word']}` is an unknown directive"
        suggested = instead(span, "ignore") if close else ()
        yield Diagnostic("SEQ115", message, span, hint, suggested=suggested)
        return
    for word in _codes(match):
        is_warning = _beginnings().get(word.group())
        if is_warning:
            continue
        what = (
            "is not the code of a warning"
            if is_warning is None
            else "is an error, which cannot be ignored"
        )
        yield Diagnostic(
            "SEQ115",
            f"`{word.group()}` {what}",
            Span(line, column + word.start(), column + word.end()),
            "name a warning, such as `SEQ401`; docs/errors.md lists them",
        )


__all__ = ["SIGN", "find_ignores", "is_ignored"]
