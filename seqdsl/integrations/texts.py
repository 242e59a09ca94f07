"""text of any file → analysis: a ``.seq`` file is one picture text, Markdown and Python hold blocks of such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.project.files import Unreadable, holds_blocks

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis
    from seqdsl.project.files import Text


def analyze_text(text: Text) -> Analysis:
    """Compile a ``.seq`` text, or the ``seq`` blocks of a Markdown or Python file.

    Raises:
        Unreadable: it is Python that Python cannot read.
    """
    if not holds_blocks(text.name):
        from seqdsl.pipeline import analyze

        return analyze(text.data, text.name)
    from seqdsl.integrations.embedded import analyze_blocks

    try:
        return analyze_blocks(text.data, text.name)
    except SyntaxError as error:
        at = f"{text.name}:{error.lineno}" if error.lineno else text.name
        raise Unreadable(f"{at}: cannot be read as Python: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        # Python's own parser gives up on a text that is nested too deep in either of the two ways.
        raise Unreadable(f"{text.name}: cannot be read as Python: nested too deep") from error
