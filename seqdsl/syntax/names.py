"""names of a file → names in Python: what may become an identifier of the generated code, and how."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.text.source import Span

LONGEST = 30
"""Characters of a name: generated lines stay within the usual 88 columns."""

LONGEST_STEM = 40
"""Characters of a model's name that is taken from a file's; the rest is cut off."""

# What generated code itself speaks of, and what nn.Module, torch.export and Python's own namespace would lose.
_WORDS = """
    self keras layers ops torch nn np functional model build_model main tuple list dict int float bool str print
    len range zip tensor state state_dict forward train training eval modules children parameters buffers
    named_parameters apply type half double bfloat16 cuda cpu to zero_grad requires_grad_ extra_repr
    register_buffer add_module call annotations super object none name dtype shape batch dim outputs output
    code graph check_padding some_valid true_first take_steps run_valid
    until_now check_weights load_weights
"""
RESERVED = frozenset(_WORDS.split())

_MODULE_CLASS_NAMES = frozenset(
    {"Tensor", "Module", "True", "False", "None", "Any", "Callable", "Sequential"}
)


def is_reserved(name: str) -> bool:
    """Whether ``name`` already means something in the generated code."""
    return name in RESERVED or keyword.iskeyword(name) or keyword.issoftkeyword(name)


def check_name(name: str, span: Span, what: str) -> list[Diagnostic]:
    """Say what keeps ``name`` from being an identifier of the generated code."""
    if len(name) > LONGEST:
        message = f"{what} has a name of {len(name)} characters; the maximum is {LONGEST}"
        return [Diagnostic("SEQ108", message, span, "shorten it")]
    if is_reserved(name) or "__" in name:
        message = f"`{name}` is reserved in the generated code"
        proposed = re.sub("_+", "_", f"{name}_1")
        return [Diagnostic("SEQ108", message, span, f"rename it, for example to `{proposed}`")]
    return []


def model_name(stem: str) -> str:
    """A file's stem as a model's name: letters, digits, ``-`` and ``_``, a letter first."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:LONGEST_STEM].rstrip("-_") or "model"
    return name if name[0].isalpha() else f"model-{name}"[:LONGEST_STEM].rstrip("-_")


def class_name(name: str) -> str:
    """A model's name as the name of its class: ``many-to-one`` becomes ``ManyToOne``."""
    words = re.split(r"[-_]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return f"{joined}Model" if joined in _MODULE_CLASS_NAMES or len(joined) == 1 else joined
