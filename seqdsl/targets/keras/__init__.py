"""model specification → Keras 3 source: `Sequential` for a chain of layers, else functional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.chains import batch_chains
from seqdsl.model.undrawn import specification
from seqdsl.targets.emit.line_wrapping import fit
from seqdsl.targets.emit.render import environment, frame, macros
from seqdsl.targets.keras.chain import Chain
from seqdsl.targets.keras.facts import model_name
from seqdsl.targets.keras.writer import KerasWriter
from seqdsl.targets.target import Target

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.notes import Module

TARGET = Target(
    "keras",
    "Keras",
    __name__,
    extra="keras",
    weight_files=(".keras", ".weights.h5"),
)


def write(graph: Graph) -> Module:
    """The Keras source of a graph; of one that is drawn, with its picture."""
    spec = batch_chains(specification(graph))
    chain = Chain(spec)
    layers, writer = chain.layers(), chain.writer
    if layers is None:
        writer = KerasWriter(spec, macros("keras", "patterns"), macros("keras", "layers"))
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
    found = macros("keras", "helpers")
    helpers = [str(getattr(found, name)()).strip() for name in sorted(writer.helpers)]
    return [line for statement in statements for line in fit(statement, 4)], helpers
