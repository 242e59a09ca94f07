"""signatures and docstrings → page: ``docs/api.md``; print it with ``python -m docs.pages.api``."""

from __future__ import annotations

import inspect
import re
from typing import Any

import seqdsl
from seqdsl.api import Model
from seqdsl.existing import Port

_PUBLIC = sorted(name for name in seqdsl.__all__ if not name.startswith("_"))
_LINKS = ", ".join(f"[`{name}`](#{name.lower()})" for name in _PUBLIC)
_HEAD = f"""# The Python API

What `import seqdsl` gives: {_LINKS}.
`seqdsl.__version__` is the version. `seqdsl.ir`, what models mean as data, has [its own page](ir.md); everything else
is internal and may change. The page is generated from the docstrings, whose examples are tested:
`python -m docs.pages.api`.
"""

INTERNAL = {
    "spec",
    "drawing",
    "drawn",
    "as_drawn",
    "gives_logits",
    "inputs_by_block",
    "outputs_by_block",
}
"""What a model holds for the stages behind it, in types of the compiler's own."""

_FUNCTIONS = ("compile", "compile_all", "read", "port")
_ERRORS = ("ReadError", "SeqError", "Diagnostic")
# `Args:` in a docstring of Google's style.
_SECTION = re.compile(r"(Args|Returns|Raises|Attributes):")
_TITLES = {"Args": "Arguments"}
_ENTRY = re.compile(r"    (\w+): (.*)")


def page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD]
    for name in _FUNCTIONS:
        parts += [f"## {name}\n", _documented(getattr(seqdsl, name), f"seqdsl.{name}")]
    parts += ["## Model\n", markdown(_docstring(Model))]
    for name in members(Model):
        member = inspect.getattr_static(Model, name)
        parts += [f"### Model.{name}\n", _documented(member, f"model.{name}")]
    parts += ["## Port\n", markdown(_docstring(Port))]
    for name in members(Port):
        parts += [f"### Port.{name}\n", _documented(getattr(Port, name), f"port.{name}")]
    for name in _ERRORS:
        parts += [f"## {name}\n", markdown(_docstring(getattr(seqdsl, name)))]
    return "\n".join(parts)


def members(kind: type) -> list[str]:
    """The public methods and properties of a class: its own first, each class's in the order of its source."""
    own = [name for base in kind.__mro__ if base is not object for name in vars(base)]
    documented = [name for name in dict.fromkeys(own) if not name.startswith("_")]
    return [name for name in documented if name not in INTERNAL and _docstring_of(kind, name)]


def _docstring_of(kind: type, name: str) -> str | None:
    # A field without a default is an annotation only, and one with a default is its value: neither has a docstring.
    member = inspect.getattr_static(kind, name)
    described = inspect.isroutine(member) or hasattr(member, "__get__")
    return member.__doc__ if described else None


def _documented(member: Any, name: str) -> str:
    return "\n".join([f"```text\n{name}{_signature(member)}\n```\n", markdown(_docstring(member))])


def _signature(member: Any) -> str:
    """``(text: str | bytes) -> Model`` of a function, ``: str`` of a property, as they are written."""
    # A `cached_property` has its function under another name than a `property`.
    function = getattr(member, "fget", None) or getattr(member, "func", member)
    signature = inspect.signature(function)
    if function is not member:
        return f": {signature.return_annotation}"
    parameters = ", ".join(map(_parameter, signature.parameters.values()))
    return (
        f"({parameters.removeprefix('self').removeprefix(', ')}) -> {signature.return_annotation}"
    )


def _parameter(item: inspect.Parameter) -> str:
    # Annotations are texts, which `str` would put in quotes.
    annotation = "" if item.annotation is item.empty else f": {item.annotation}"
    return f"{item.name}{annotation}" + (
        "" if item.default is item.empty else f" = {item.default!r}"
    )


def _docstring(member: Any) -> str:
    text = inspect.getdoc(member)
    assert text, f"{member} has no docstring"
    return text


def markdown(docstring: str) -> str:
    """A docstring of Google's style as Markdown: its sections as lists, its examples as blocks of code."""
    # Args:                       **Arguments:**
    #     text: a text,      →
    #         or bytes.           - `text`: a text,
    #                               or bytes.
    lines = []
    for block in docstring.split("\n\n"):
        head, _, body = block.partition("\n")
        section = _SECTION.fullmatch(head)
        if block.startswith(">>>"):
            lines.append(f"```python\n{block}\n```\n")
        elif section:
            name = section.group(1)
            lines.append(f"**{_TITLES.get(name, name)}:**\n\n{_entries(body)}\n")
        else:
            lines.append(f"{_code(block)}\n")
    return "\n".join(lines)


def _entries(body: str) -> str:
    """The entries of a section as a list; a section of one text as it is."""
    entries: list[str] = []
    for line in body.split("\n"):
        entry = _ENTRY.fullmatch(line)
        if entry:
            entries.append(f"- `{entry.group(1)}`: {entry.group(2)}")
        elif entries:
            entries[-1] += f"\n  {line.strip()}"
        else:
            return _code(inspect.cleandoc(body))
    return _code("\n".join(entries))


def _code(text: str) -> str:
    return text.replace("``", "`")


if __name__ == "__main__":
    print(page(), end="")
