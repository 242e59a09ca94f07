"""model specification → Keras 3 source: `Sequential` for a chain of layers, else functional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.backends.keras.chain import Chain
from seqdsl.backends.keras.facts import model_name
from seqdsl.backends.keras.writer import KerasWriter
from seqdsl.backends.layout import fit
from seqdsl.backends.render import environment, frame, macros
from seqdsl.model.chains import batch_chains

if TYPE_CHECKING:
    from seqdsl.backends.notes import Module
    from seqdsl.model.spec import ModelSpec

TARGET = "keras"


def write(spec: ModelSpec) -> Module:
    """The Keras source of ``spec``."""
    spec = batch_chains(spec)
    chain = Chain(spec)
    layers, writer = chain.layers(), chain.writer
    if layers is None:
        writer = KerasWriter(spec, macros(TARGET, "patterns"), macros(TARGET, "layers"))
        body, helpers = _functional(writer)
    else:
        body, helpers = _sequential(spec, layers), []
    template = environment().get_template("keras/module.py.j2")
    statements = "\n".join(body)
    return frame(template, spec, statements, writer.notes, body=statements, helpers=helpers)


def _sequential(spec: ModelSpec, chain: list[str]) -> list[str]:
    layers = [line for layer in chain for line in fit(f"{layer},", 12)]
    name = model_name(spec)
    return [
        "    return keras.Sequential(",
        "        [",
        *layers,
        "        ],",
        f'        name="{name}",',
        "    )",
    ]


def _functional(writer: KerasWriter) -> tuple[list[str], list[str]]:
    """The body of a functional model, and the classes it needs."""
    statements = writer.write()
    found = macros(TARGET, "helpers")
    helpers = [str(getattr(found, name)()).strip() for name in sorted(writer.helpers)]
    return [line for statement in statements for line in fit(statement, 4)], helpers
