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

# What generated code itself speaks of: its imports and functions, and what it uses of Python's.
_CODE = """
    self keras layers ops torch nn np tf json model build_model tuple list dict int float bool str print super
    len range zip tensor state name dtype shape output outputs call
    check_padding some_valid true_first take_steps last_valid last_valid_grid run_valid until_now
    check_weights load_weights
"""
# What nn.Module would lose if a layer or a parameter was kept under its name.
_MODULE = """
    add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr
    float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia
    named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule
    share_memory state_dict to to_empty train training type xpu zero_grad
"""
RESERVED = frozenset(f"{_CODE} {_MODULE}".split())

_MODULE_CLASS_NAMES = frozenset(
    {
        "Tensor", "Module", "True", "False", "None", "Any", "Callable", "Sequential",
        "AdditiveAttention", "BahdanauAttention", "ProjectedAttention", "MultiHeadAttention",
        "SinePositions", "Past", "SampleIds", "SampleNormal", "BothWays",
    }
)  # fmt: skip


def is_reserved(name: str) -> bool:
    """Whether ``name`` already means something in the generated code."""
    return name in RESERVED or keyword.iskeyword(name)


def check_name(name: str, span: Span, what: str) -> list[Diagnostic]:
    """Say what keeps ``name`` from being an identifier of the generated code.

    Args:
        name: the name.
        span: where it stands.
        what: what has it, for messages.
    """
    if len(name) > LONGEST:
        message = f"{what} has a name of {len(name)} characters; the maximum is {LONGEST}"
        return [Diagnostic("SEQ108", message, span, "shorten it")]
    if is_reserved(name) or "__" in name:
        proposed = re.sub("_+", "_", f"{name}_1")
        message = f"`{name}` is reserved in the generated code"
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
