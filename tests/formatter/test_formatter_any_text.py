"""Any text at all: the formatter and the repair give a text that compiles, or leave it alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl.api import analyze
from seqdsl.formatter.format import format_text
from seqdsl.formatter.meaning import meaning
from seqdsl.repair.repair import repair
from tests.properties.test_any_text import LETTERS, damaged


def hold(data: str | bytes) -> None:
    found = format_text(data)
    has_errors = any(item.is_error for item in found.analysis.diagnostics)
    assert (found.text is None) == (has_errors or found.is_off)
    if found.text is not None:
        assert meaning(analyze(found.text)) == meaning(found.analysis)
        assert format_text(found.text).text == found.text
    mended = repair(found.analysis)
    if mended is not None:
        assert has_errors
        assert not any(item.is_error for item in analyze(mended.text).diagnostics)


@given(st.text() | st.binary() | st.text(alphabet=LETTERS, max_size=200))
def test_any_text(data: str | bytes) -> None:
    hold(data)


@settings(max_examples=100, deadline=None)
@given(damaged())
def test_damaged_examples(text: str) -> None:
    hold(text)
