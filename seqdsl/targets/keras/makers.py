"""code → what it makes: a layer, or a model that another one calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Call, path_of

if TYPE_CHECKING:
    from seqdsl.targets.code import Code

BUILDER = "build_"
"""What the names of the functions begin with that build the pictures which a model calls."""


def is_layer(value: Code) -> bool:
    """Whether code makes a layer: ``layers.Dense(2)``, or ``Between()``, one of the module's own."""
    path = path_of(value.function) if isinstance(value, Call) else None
    if path is None:
        return False
    return path[0] == "layers" if len(path) == 2 else len(path) == 1 and path[0][:1].isupper()


def is_made(value: Code) -> bool:
    """Whether code makes a layer, or a model that is called as one."""
    return is_layer(value) or is_model(value)


def is_model(value: Code) -> bool:
    """Whether code makes a model that is called: ``build_block(name="block_r")``.

    It takes its mask as an input. One that comes along as well would reach its layers, which know nothing of it.
    """
    path = path_of(value.function) if isinstance(value, Call) else None
    return path is not None and len(path) == 1 and path[0].startswith(BUILDER)
