"""a line that cannot be read → the line that is meant: how people write rows, layers and sizes elsewhere.

Each correction changes a text so that every node stays in its column. They are applied one after the other; what comes
out is proposed if it can be read::

    h_1 - h_2 - h_3         as it is written
    H   - H   - H           without subscripts, each letter where its name begins
    H-----H-----H           without gaps
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.syntax.ast import Call, Definition, Row
from seqdsl.syntax.directions import downward, left_to_right
from seqdsl.syntax.faulty import LONGEST, Faulty, Recovered, code, whole_line
from seqdsl.syntax.model_lines import model_line
from seqdsl.syntax.other_files import other_file
from seqdsl.syntax.python_call import read_python_call
from seqdsl.syntax.row_corrections import ROW_CORRECTIONS, without_gaps
from seqdsl.syntax.two_lengths import two_lengths
from seqdsl.text.diagnostics import Diagnostic, Edit
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.syntax.ast import Line


def recover(faulty: Faulty) -> Recovered | None:
    """What a line is meant to be; ``None`` if nobody can tell."""
    if len(faulty.text) > LONGEST:
        return None
    # The order matters: `x -> h -> y` alone is layers from left to right, and `_row` would make three nodes of it.
    for kind in (
        other_file,
        model_line,
        downward,
        left_to_right,
        _definition,
        _parameter,
        two_lengths,
        _row,
    ):
        recovered = kind(faulty)
        if recovered is not None:
            return recovered
    return None


_DEFINITION = re.compile(
    r"[ \t]*(?P<name>[A-Za-z]\w*)[ \t]*(?P<sign>:=|=>|->|=|:)[ \t]*(?P<call>[A-Za-z_].*)"
)


def _definition(faulty: Faulty) -> Recovered | None:
    """``X: input(8)``, ``x = lstm(4)``, ``X = LSTM(units=4)``."""
    match = _DEFINITION.fullmatch(code(faulty.text))
    if match is None:
        return None
    name, written = match["name"], match["call"]
    letter = name[0].upper()
    column = match.start("call") + 1
    (lines, text, problem) = _call(faulty, f"{letter} = ", written, column)
    if not (len(lines) == 1 and isinstance(lines[0], Definition)):
        return None
    span = Span(faulty.number, match.start("name") + 1, match.end("sign") + 1)
    whole = f"{letter} = {text}"
    # `encoder = lstm(64)`: which letter it has in the rows, only its author knows; `x = lstm(4)` can be but `X`.
    if name != letter:
        message = f"`{name}` is not a layer's name, which is one capital letter, as in the picture"
        edits = whole_line(faulty, whole) if len(name) == 1 else ()
        return Recovered([], [Diagnostic("SEQ102", message, span, f"write `{whole}`", edits=edits)])
    if match["sign"] != "=":
        message = f"a definition is written with `=`, not with `{match['sign']}`"
        # Where the call is Python's, its own finding says what to write.
        edits = whole_line(faulty, whole) if lines[0].call.python is None else ()
        problem = [Diagnostic("SEQ102", message, span, f"write `{whole}`", edits=edits), *problem]
    return Recovered(lines, problem)


def _call(
    faulty: Faulty, head: str, written: str, column: int
) -> tuple[list[Line], str, list[Diagnostic]]:
    """A call behind the head of a line: as it is, with its brackets closed, or Python's.

    Returns:
        The line, the call as it should be written, and what is wrong with its brackets.
    """
    # `Dense(2` is both, without its `)` and Python's: each text is tried as a call here, and as one of Python's.
    for text, message, start in [_Bracketed(written, "", 0), *_brackets(written)]:
        own = faulty.lines(head + text)
        lines = own or _python(faulty, head, text, column)
        if not lines:
            continue
        # Of `GRU 32`, all of it, the finding about the unknown layer says what to write.
        if not message or (start == 0 and not own):
            return lines, text, []
        # A `)` too many is underlined; for a missing one the caret is behind the last character.
        end = column + max(len(written), start + 1)
        span = Span(faulty.number, column + start, end)
        edits = (Edit(faulty.number, column, text),)
        return lines, text, [Diagnostic("SEQ102", message, span, f"write `{text}`", edits=edits)]
    return [], written, []


def _python(faulty: Faulty, head: str, written: str, column: int) -> list[Line]:
    """The line with a call of Python's behind its head; nothing if it is none."""
    python = read_python_call(written, faulty.number, column)
    # What is before the call is read with a word in its place: of `O nn.LSTM(8, 64)` the line `O xx`.
    lines = faulty.lines(f"{head}xx") if python is not None else []
    if python is None or not lines:
        return []
    line, call = lines[0], Call(python.name.lower(), (), python.span, python)
    if isinstance(line, Definition):
        return [Definition(line.letter, call, line.span)]
    return [Row(line.cells, line.line, call)] if isinstance(line, Row) else []


_SPACED = re.compile(r"([A-Za-z_][\w.]+)[ \t]+(\d+)")


class _Bracketed(NamedTuple):
    """A call with its brackets.

    Attributes:
        text: the call.
        message: what was wrong with them.
        start: the first character of the call as it is written that is wrong.
    """

    text: str
    message: str
    start: int


def _brackets(written: str) -> Iterator[_Bracketed]:
    """A call with its brackets, all of them closed, and what was wrong with them."""
    # `gru 32` is `gru(32)`.
    if (spaced := _SPACED.fullmatch(written)) is not None:
        message = "the arguments of a layer are in brackets"
        yield _Bracketed(f"{spaced[1]}({spaced[2]})", message, 0)
    # `dense(2`, `dense((2` and `dense(2))`: brackets within are seldom what is wrong.
    missing = written.count("(") - written.count(")")
    if 0 < missing <= 3:
        message = "a `)` is missing at the end of the line"
        yield _Bracketed(written + ")" * missing, message, len(written))
    elif missing == -1 and written.endswith(")"):
        yield _Bracketed(written[:-1], "this `)` is one too many", len(written) - 1)


_PARAMETER = re.compile(
    r"[ \t]*(?:int |float |const |let |final )?(?P<name>[A-Za-z][\w-]*)[ \t]*"
    r"(?P<sign>:=|=|:)[ \t]*(?P<value>[-+\w.]+)[ \t]*;?[ \t]*"
)


def _parameter(faulty: Faulty) -> Recovered | None:
    """``FEATURES = 8``, ``n = 1_000``, ``units: 8``; ``E = 5`` is half a layer."""
    match = _PARAMETER.fullmatch(code(faulty.text))
    if match is None:
        return None
    # `const n = 1_000;` of other languages is `n = 1000`.
    name, value = match["name"], match["value"].replace("_", "")
    lower = name.lower().replace("-", "_")
    whole = f"{lower} = {value}"
    if not value[-1:].isdigit() or not (lines := faulty.lines(whole)):
        return None
    span = Span(faulty.number, match.start("name") + 1, match.end("value") + 1)
    # `FEATURES = 8` can be a parameter only; one capital is a letter of the picture, too.
    if len(name) == 1 and name.isupper():
        message = f"`{name}` is a layer's letter, and `{value}` is not a layer"
        hint = f"write `{name} = dense({value})` for a layer, `{whole}` for a parameter"
        return Recovered([], [Diagnostic("SEQ102", message, span, hint)])
    message = "a parameter is a lower-case name, `=` and a number"
    problem = Diagnostic(
        "SEQ102", message, span, f"write `{whole}`", edits=whole_line(faulty, whole)
    )
    return Recovered(lines, [problem])


# What is at the right end of a row: a call; after two blanks a word, with a number or without. (`h_1`, `H1` are nodes.)
_TAIL = re.compile(
    r"\s(?P<call>[A-Za-z_][\w.]+\s*\(.*)|[ \t]{2,}(?P<spaced>[A-Za-z_][\w.]+[ \t]+\d+)\s*$|"
    r"[ \t]{2,}(?P<word>(?![A-Za-z](?:_\w*|\d+)\s*$)[A-Za-z_][\w.]+)\s*$"
)


def _row(faulty: Faulty) -> Recovered | None:
    """A row of nodes or wires, and the layer at its right end."""
    # `h h   lstm(4)  // two steps`: a head `h h`, the call that is written behind it, and a comment.
    text, mark = _comment(faulty.text)
    kept = code(text)
    tail = _TAIL.search(kept)
    if mark and not kept.strip():
        return Recovered([], [_comment_problem(faulty, mark, text)])
    at = tail.start() if tail is not None else len(kept)
    head, written = kept[:at], kept[at:].strip()
    column = kept.find(written, at) + 1
    row, problem = _read_row(faulty, head, text[at:])
    if not row:
        return None
    problems = [problem] if problem is not None else []
    if mark:
        # One finding for the line, which corrects both: `h h h  // encoder` is `H H H  #  encoder`.
        whole = f"{text[:at].replace(head, row, 1)}{text[at:]}" if row != head else text
        problems = problems or [_comment_problem(faulty, mark, whole)]
        if problem is not None:
            both = f"write `{whole.rstrip()}`: a comment begins with `#`, not with `{mark}`"
            problems = [replace(problem, hint=both)]
    if not written:
        lines = faulty.lines(row)
        return Recovered(lines, problems) if problems else None
    # The corrected row is as long as the head: the call stays in its column, and its findings point there.
    lines, _, brackets = _call(faulty, f"{row:<{at}} ", written, column)
    return Recovered(lines, problems + brackets) if lines and isinstance(lines[0], Row) else None


def _read_row(faulty: Faulty, head: str, tail: str) -> tuple[str, Diagnostic | None]:
    """A row as it is if it can be read, else corrected, and the finding; empty if nothing helps."""
    return (head, None) if _is_row(faulty, head) else _corrected(faulty, head, tail)


def _is_row(faulty: Faulty, head: str) -> bool:
    lines = faulty.lines(head)
    return len(lines) == 1 and isinstance(lines[0], Row) and lines[0].call is None


def _corrected(faulty: Faulty, head: str, tail: str) -> tuple[str, Diagnostic | None]:
    """A row with all corrections that make it one, and the finding; empty if nothing helps."""
    text, message = head, ""
    also: tuple[str, ...] = ()
    for correction in ROW_CORRECTIONS:
        changed = correction.apply(text, faulty.texts, faulty.number)
        if changed.text == text:
            continue
        # `[h_1]` needs several corrections: the finding names the first of them, and writes what all of them make.
        text, message, also = changed.text, message or correction.message, also or changed.also
        if _is_row(faulty, text):
            break
    text = without_gaps(text)
    if not message or not _is_row(faulty, text):
        return "", None
    end = len(head.rstrip()) + 1
    hint = f"write `{text.rstrip()}`" + "".join(f", and a line `{line}`" for line in also)
    edits = [*whole_line(faulty, (text + tail).rstrip()), *(Edit(0, 1, line) for line in also)]
    # The caret begins where the row is changed first.
    span = Span(faulty.number, min(_first_change(head, text) + 1, end), end)
    return text, Diagnostic("SEQ102", message, span, hint, edits=tuple(edits))


def _first_change(old: str, new: str) -> int:
    """The first column, from 0, in which two rows differ; the length of the new one if none does."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (before, after) in pairs if before != after), len(new))


# Words must follow: `O O  -- one step` has a comment, and `O -- O` is a state wire with gaps.
_COMMENT = re.compile(r"(?:^|(?<=\s))(?P<mark>//|/\*|--|;|%)(?=\s*[A-Za-z][A-Za-z ]{2})")


def _comment(text: str) -> tuple[str, str]:
    """A line with `#` before its comment, and the sign that was there; empty if none was."""
    match = _COMMENT.search(code(text))
    if match is None:
        return text, ""
    # As wide as the mark was: `//` is `# `, and the words stay in their columns.
    mark = match["mark"]
    return f"{text[: match.start()]}#{' ' * (len(mark) - 1)}{text[match.end() :]}", mark


def _comment_problem(faulty: Faulty, mark: str, whole: str) -> Diagnostic:
    at = faulty.text.index(mark) + 1
    return Diagnostic(
        "SEQ102",
        f"a comment begins with `#`, not with `{mark}`",
        Span(faulty.number, at, at + len(mark)),
        f"write `{whole.rstrip()}`",
        edits=whole_line(faulty, whole),
    )
