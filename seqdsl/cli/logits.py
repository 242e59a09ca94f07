"""compiled models → the same without the last activations of their outputs: what ``--logits`` asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CannotRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.compiled import CompiledModel

logits_option = click.option(
    "--logits",
    is_flag=True,
    help="Omit the softmax, log_softmax or sigmoid of outputs, for losses that apply it.",
)


def giving_logits(models: Sequence[CompiledModel]) -> list[CompiledModel]:
    """All of the models without the last activations of their outputs.

    Raises:
        CannotRun: one has no such activation, or one that cannot be omitted.
    """
    found, refused = _tried(models)
    if refused:
        raise CannotRun("\n".join(refused))
    return found


def those_giving_logits(models: Sequence[CompiledModel]) -> list[CompiledModel]:
    """Those of the models that can give logits, without the last activations of their outputs; others are told.

    Raises:
        CannotRun: none of them can.
    """
    found, refused = _tried(models)
    if not found:
        raise CannotRun("\n".join(refused))
    # A folder is verified as a whole: a model without such an activation must not keep the others from it.
    for line in refused:
        click.echo(f"{line}; it is not verified", err=True)
    return found


def _tried(models: Sequence[CompiledModel]) -> tuple[list[CompiledModel], list[str]]:
    """The models that can give logits, and a sentence about each that cannot."""
    # Only who asks for it pays for the import.
    from seqdsl.passes.logits import LogitsError, with_logits

    found: list[CompiledModel] = []
    refused: list[str] = []
    for model in models:
        try:
            found.append(with_logits(model))
        except LogitsError as error:
            refused.append(f"--logits: {model.name}: {error}")
    return found, refused
