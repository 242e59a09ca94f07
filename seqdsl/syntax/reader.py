"""bytes → source: what a ``.seq`` file may be encoded as, and how large it may be."""

from __future__ import annotations

from seqdsl.syntax.limits import LARGEST_TEXT
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Source, Span


def read(data: bytes | str, name: str) -> tuple[Source, list[Diagnostic]]:
    """Decode ``data`` (UTF-8, with or without a BOM; LF or CRLF line ends)."""
    if len(data) > LARGEST_TEXT:
        message = f"the text is larger than {LARGEST_TEXT // 2**20} MiB"
        return Source(name, ""), [
            Diagnostic("SEQ110", message, Span.cell(1, 1), "split it into several files")
        ]
    if isinstance(data, str):
        return Source(name, _unified(data)), []
    try:
        return Source(name, _unified(data.decode("utf-8-sig"))), []
    except UnicodeDecodeError as error:
        # The error speaks of the bytes after the mark; lines and columns are counted in characters.
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        text = _unified(data.decode("utf-8", "replace"))
        message = f"byte 0x{error.object[error.start]:02x} is not valid UTF-8"
        return Source(name, text), [
            Diagnostic("SEQ101", message, Span.cell(line, column), "save the file as UTF-8 text")
        ]


def _unified(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
