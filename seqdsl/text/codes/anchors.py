"""code → the place of the documentation that explains it."""

from __future__ import annotations

import re

from seqdsl.text.codes import CODES

ERRORS_PAGE = "https://github.com/seqdsl/seqdsl/blob/main/docs/errors.md"
"""Where all codes are explained."""


def heading(code: str) -> str:
    """The title of a code's section in that page."""
    entry = CODES[code]
    kind = "" if entry.severity == "error" else f" ({entry.severity})"
    return f"{code}: {entry.title}{kind}"


def anchor(code: str) -> str:
    """The anchor of a code's heading in `docs/errors.md`, as GitHub and others make it.

    >>> anchor("SEQ101")
    'seq101-not-utf-8'
    """
    # GitHub keeps letters, digits, `-` and `_`, and makes every space a `-`.
    return re.sub(r"[^\w\- ]", "", heading(code).lower()).replace(" ", "-")


def url(code: str) -> str:
    """The address at which a code is explained."""
    return f"{ERRORS_PAGE}#{anchor(code)}"
