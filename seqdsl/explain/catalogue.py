"""code → text: what a finding means, why, a wrong picture and the right one."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from seqdsl.text.codes import CODES

if TYPE_CHECKING:
    from seqdsl.text.codes import Code

WIDTH = 88
_LONGEST = 400


def explain_code(name: str, width: int = WIDTH) -> str:
    """What a code means, in lines of at most ``width`` columns.

    Raises:
        KeyError: there is no such code.
    """
    code = CODES[name]
    parts = [f"{name}: {code.title} ({code.severity})", textwrap.fill(code.why, width)]
    # A text that is wrong by its size, or by its bytes, cannot be shown.
    if len(code.wrong) <= _LONGEST and code.wrong.isascii():
        parts += [_picture("Wrong", code.wrong), _message(code)]
    parts.append(_picture("Right", code.right))
    return "\n\n".join(parts) + "\n"


def _picture(title: str, text: str) -> str:
    # A tab would be swallowed; it is the point of one of them.
    shown = text.rstrip().replace("\t", "<tab>")
    return f"{title}:\n\n{textwrap.indent(shown, '    ')}"


def _message(code: Code) -> str:
    """What `check` says of the wrong picture."""
    from seqdsl.explain.arrays import read_array
    from seqdsl.explain.data import data_findings
    from seqdsl.pipeline import analyze
    from seqdsl.text.diagnostics import excerpt

    analysis = analyze(code.wrong, "wrong.seq")
    findings = list(analysis.diagnostics)
    # A code about data shows up only with the shapes of some: `--data 1000,20` is part of its entry.
    for model in analysis.models if code.options else ():
        data, targets = map(read_array, code.data), map(read_array, code.target)
        findings += data_findings(model.spec, list(data), list(targets))
    message = excerpt(findings[0], analysis.source)
    command = f"seqdsl check wrong.seq {code.options}".rstrip()
    return f"What `{command}` says of it:\n\n{textwrap.indent(message, '    ')}"
