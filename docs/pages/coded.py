"""page with pictures → the same page with their code: ``docs/NAME.md``.

Print it with ``python -m docs.pages.coded NAME``. A picture of a page in ``docs/pages/NAME.md`` is followed by
the Keras and PyTorch source that is generated from it, without docstrings and without what only runs it.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from seqdsl.api import compile

HERE = Path(__file__).parent
NAMES = ("questions", "which-code")
_PICTURE = re.compile(r"^```seq\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_TARGETS = {"Keras": "keras", "PyTorch": "torch"}


def page(name: str) -> str:
    """The whole page, as Markdown."""
    text = (HERE / f"{name}.md").read_text("utf-8")
    return _PICTURE.sub(lambda match: match.group() + _code(match[1]), text)


def _code(picture: str) -> str:
    model = compile(picture, "model.seq")
    blocks = [
        f"\n{name}:\n\n```python\n{essence(model.source(target))}```\n"
        for name, target in _TARGETS.items()
    ]
    return "".join(blocks)


def essence(source: str) -> str:
    """What defines the model: its imports, functions and classes, without docstrings.

    PyTorch's `build_model` only makes an object of the class above it, and what is below `__main__` only shows it.
    """
    tree = ast.parse(source)
    has_class = any(isinstance(node, ast.ClassDef) for node in tree.body)
    lines = source.splitlines(keepends=True)
    dropped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                dropped.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
        is_call = isinstance(node, ast.FunctionDef) and node.name == "build_model" and has_class
        if is_call or (isinstance(node, ast.If) and node in tree.body):
            assert isinstance(node, ast.stmt)
            dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    kept = "".join(line for number, line in enumerate(lines, 1) if number not in dropped)
    # A class begins with the blank line that was below its docstring.
    kept = re.sub(r":\n\n+(?=    )", ":\n", kept)
    return re.sub(r"\n{4,}", "\n\n\n", kept).strip() + "\n"


if __name__ == "__main__":
    print(page(sys.argv[1]), end="")
