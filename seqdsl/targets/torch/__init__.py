"""model specification → PyTorch source: an ``nn.Module``, batch first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.undrawn import specification
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import stack_rows
from seqdsl.targets.code import Text, lines, subscripted
from seqdsl.targets.emit.render import environment, frame, macros
from seqdsl.targets.target import Target
from seqdsl.targets.torch.emitter import TorchEmitter
from seqdsl.targets.torch.layers import attributes, cells
from seqdsl.targets.torch.operations import forward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Graph
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.notes import Module

TARGET = Target(
    "torch",
    "PyTorch",
    __name__,
    extra="torch",
    weight_files=(".pt", ".pth", ".safetensors"),
)
_PACKING = ("pack_padded_sequence", "pad_packed_sequence")


def write(graph: Graph) -> Module:
    """The PyTorch source of a graph; of one that is drawn, with its picture."""
    spec = specification(graph)
    rows = {block.layer.name: block.index for block in spec.blocks if block.layer}
    spec = stack_rows(batch_chains(spec))
    to = TorchEmitter(spec, rows=rows)
    forward(spec, to)
    body = _lines(to.statements)
    made = _lines(attributes(to, body))
    classes = cells(to, spec)
    found = macros("torch", "helpers")
    helpers = [
        str(getattr(found, name)(sorted(to.packed))).strip() for name in _ordered(to.functions)
    ]
    text = "\n".join([*body, *made, *classes, *helpers])
    return frame(
        environment().get_template("torch/module.py.j2"),
        spec,
        "\n".join(made),
        to.noted(),
        cells=classes,
        helpers=helpers,
        needed=to.functions,
        attributes=made,
        forward=body,
        functional="F." in text,
        packing=[name for name in _PACKING if f"{name}(" in text],
        takes=[f"{item.name}: Tensor" for item in spec.inputs],
        gives=_gives(len(spec.outputs)),
    )


def _lines(statements: Sequence[Statement]) -> list[str]:
    return [line for statement in statements for line in lines(statement, 8)]


def _ordered(helpers: set[str]) -> list[str]:
    """The names of the helpers, those that others call first."""
    return sorted(helpers, key=lambda name: (name == "run_valid", name))


def _gives(outputs: int) -> Code:
    return Text("Tensor") if outputs == 1 else subscripted("tuple", *["Tensor"] * outputs)
