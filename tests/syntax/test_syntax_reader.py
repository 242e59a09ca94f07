"""Bytes and text: line ends, byte-order mark, encoding, size."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.syntax import reader
from seqdsl.syntax.reader import read

TEXT = "Y\n|\nX\n\nX = input(2)\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        TEXT.encode(),
        TEXT.rstrip("\n"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r\n").encode(),
        "\ufeff" + TEXT,
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", " \n"),
        TEXT.replace("\n", " \t \n"),
        "\n\n" + TEXT + "\n\n",
    ],
)
def test_the_same_model(data: str | bytes) -> None:
    found, wanted = analyze(data), analyze(TEXT)
    assert not found.diagnostics
    assert found.models[0].source("torch") == wanted.models[0].source("torch")


@pytest.mark.parametrize(
    "indent", ["  ", "\t", "\N{NO-BREAK SPACE}"], ids=["blanks", "tab", "no-break space"]
)
def test_a_common_left_indent(indent: str) -> None:
    found = analyze("".join(f"{indent}{line}\n" for line in TEXT.splitlines()))
    codes = {item.code for item in found.diagnostics}
    assert codes == {"  ": set(), "\t": {"SEQ103"}}.get(indent, set())


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"Y\n|\nX\xe9", 3, 2),
        (b"# caf\xe9\nY", 1, 6),
        (b"Y\r\n|\r\n\x80", 3, 1),
        (b"\xff\xfeY\x00", 1, 1),
    ],
)
def test_what_is_not_utf8(data: bytes, line: int, column: int) -> None:
    source, found = read(data, "bad.seq")
    assert [item.code for item in found] == ["SEQ101"]
    assert (found[0].span.line, found[0].span.column) == (line, column)
    assert len(source.lines) >= line


@pytest.mark.parametrize("kind", [str, bytes])
def test_a_large_text_is_refused(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    monkeypatch.setattr(reader, "LARGEST_TEXT", 5)
    assert [item.code for item in read(kind() * 0 or _filled(kind, 6), "x")[1]] == ["SEQ110"]
    assert read(_filled(kind, 5), "x")[1] == []


def _filled(kind: type, size: int) -> str | bytes:
    return "O" * size if kind is str else b"O" * size


def test_a_wrong_byte_is_placed_in_characters() -> None:
    mark = b"\xef\xbb\xbf"
    for before, column in ((b"", 1), ("é ".encode(), 3), (mark + "é ".encode(), 3)):
        _, (finding,) = read(before + b"\x80", "x")
        assert (finding.span.line, finding.span.column) == (1, column)
        assert "0x80" in finding.message
