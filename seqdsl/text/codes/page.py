"""catalogue → page: ``docs/errors.md``; print it with ``python -m seqdsl.text.codes.page``."""

from __future__ import annotations

from seqdsl.text.codes import CODES, Code
from seqdsl.text.codes.anchors import heading

_HEAD = """# Errors and warnings

Every finding has a code. This page is generated from the catalog in `seqdsl/text/codes`: what each code means, an
example that has it, and the corrected example. A picture with an error is rejected; one with a warning is not.
`seqdsl explain CODE` prints an entry.
"""
_LONGEST = 400


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_HEAD, *(_section(name, code) for name, code in CODES.items())])


def _section(name: str, code: Code) -> str:
    parts = [f"## {heading(name)}\n", f"{code.why}\n"]
    # A picture that is wrong because of its size, or of its bytes, cannot be shown.
    if len(code.wrong) <= _LONGEST and code.wrong.isascii():
        check = f" (`seqdsl check wrong.seq {code.options}`)" if code.options else ""
        parts.append(f"Wrong{check}:\n\n```seq\n{code.wrong.rstrip()}\n```\n")
    return "\n".join([*parts, f"Right:\n\n```seq\n{code.right.rstrip()}\n```\n"])


if __name__ == "__main__":
    print(page(), end="")
