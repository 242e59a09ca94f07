"""a line that brings in another file → what to do instead: pictures of other files cannot be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.syntax.faulty import Recovered, code
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from seqdsl.syntax.faulty import Faulty

# `use encoder.seq`, `include "my blocks.seq"`; prose, and `import keras` of a Python file, are none.
_OTHER_FILE = re.compile(
    r"[ \t]*(?:use|include|import|require|from)[ \t]+"
    r"(?:\"[^\"]+\"|'[^']+'|<[^>]+>|[\w./-]+\.seq\b)[^=]*"
)


def other_file(faulty: Faulty) -> Recovered | None:
    """``use encoder.seq``, ``import "blocks.seq"``: a file's pictures are all that it knows."""
    text = code(faulty.text)
    if _OTHER_FILE.fullmatch(text) is None:
        return None
    start = len(text) - len(text.lstrip())
    problem = Diagnostic(
        "SEQ102",
        "pictures of other files cannot be used",
        Span(faulty.number, start + 1, len(text.rstrip()) + 1),
        "copy that `model` into this file; its name can then be used as a layer",
    )
    return Recovered([], [problem])
