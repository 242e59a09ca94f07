"""outcome → comment at the head of a picture: where it comes from, and what was compared."""

from __future__ import annotations

import textwrap
from importlib.metadata import version
from typing import TYPE_CHECKING

from seqdsl.porting.sentences import differing, equal

if TYPE_CHECKING:
    from seqdsl.porting.outcome import Outcome

WIDTH = 100


def with_heading(text: str, source: str, outcome: Outcome) -> str:
    """A picture's text with a comment before it.

    Args:
        text: the picture.
        source: where the model comes from: ``my_models:build``.
        outcome: what checking the picture came to.
    """
    said = [
        f"Read from {source} ({outcome.framework}) by seqdsl {version('seqdsl')}.",
        equal(outcome),
        *differing(outcome),
    ]
    lines = [line for item in said for line in textwrap.wrap(item, WIDTH - 2)]
    return "".join(f"# {line}\n" for line in lines) + f"\n{text.rstrip()}\n"
