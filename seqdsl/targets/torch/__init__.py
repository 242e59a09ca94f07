"""model specification → PyTorch source: an ``nn.Module``, batch first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.chains import batch_chains
from seqdsl.model.stacks import stack_rows
from seqdsl.model.undrawn import specification
from seqdsl.targets.emit.line_wrapping import fit
from seqdsl.targets.emit.render import environment, frame, macros
from seqdsl.targets.target import Target
from seqdsl.targets.torch.writer import TorchWriter

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph
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
    writer = TorchWriter(spec, macros("torch", "patterns"), macros("torch", "layers"), rows=rows)
    forward = [line for statement in writer.write() for line in fit(statement, 8)]
    attributes = [line for statement in writer.attributes() for line in fit(statement, 8)]
    cells = writer.cells()
    found = macros("torch", "helpers")
    helpers = [
        str(getattr(found, name)(sorted(writer.packed))).strip()
        for name in _ordered(writer.helpers)
    ]
    text = "\n".join([*forward, *attributes, *cells, *helpers])
    return frame(
        environment().get_template("torch/module.py.j2"),
        spec,
        "\n".join(attributes),
        writer.noted(),
        cells=cells,
        helpers=helpers,
        needed=writer.helpers,
        attributes=attributes,
        forward=forward,
        functional="F." in text,
        packing=[name for name in _PACKING if f"{name}(" in text],
        takes=[f"{item.name}: Tensor" for item in spec.inputs],
        gives=_gives(len(spec.outputs)),
    )


def _ordered(helpers: set[str]) -> list[str]:
    """The names of the helpers, those that others call first."""
    return sorted(helpers, key=lambda name: (name == "run_valid", name))


def _gives(outputs: int) -> str:
    return "Tensor" if outputs == 1 else f"tuple[{', '.join(['Tensor'] * outputs)}]"
