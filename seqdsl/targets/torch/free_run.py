"""free run → methods of the module: ``encode``, computed once, ``decode`` for each piece, and ``generate``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_run import NoFreeRun
from seqdsl.ir.operations import Scan
from seqdsl.passes.free_run import split_free_run
from seqdsl.targets.code import Assign, Return, Text, call, flat, lines, subscripted
from seqdsl.targets.emit.feeding import Fed, feeding
from seqdsl.targets.emit.free_run import FreeWriting, write_phases
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.cells import has_parts
from seqdsl.targets.torch.emitter import TorchEmitter
from seqdsl.targets.torch.operations import operation
from seqdsl.targets.torch.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.free_run import Written


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the module.

    Attributes:
        name: its name.
        takes: its parameters.
        gives: the type of its result.
        statements: its body.
    """

    name: str
    takes: tuple[str, ...]
    gives: Code
    statements: tuple[Statement, ...]

    @property
    def body(self) -> str:
        """Its lines."""
        return "\n".join(line for item in self.statements for line in lines(item, 8))


@dataclass(frozen=True, slots=True)
class Generation:
    """What a template writes of a free run.

    Attributes:
        encode: what is computed once; ``None``: nothing is.
        decode: what is computed for a piece.
        begin: the statements that come before the loop of ``generate``.
        advance: the statement that computes a piece.
        inputs: the parameters of ``generate`` that are not fed.
        fed: the inputs that are, and how.
        phases: the specifications, for what is made of their layers.
    """

    encode: Method | None
    decode: Method
    begin: str
    advance: Statement
    inputs: tuple[tuple[str, str], ...]
    fed: tuple[Feeding, ...]
    phases: Phases

    @property
    def takes(self) -> list[str]:
        """The parameters of ``generate`` for what is not fed."""
        return [f"{name}: Tensor" for name, _ in self.inputs]

    @property
    def choose(self) -> str:
        """The function that chooses ids."""
        return chooser(self.fed[0])

    @property
    def is_functional(self) -> bool:
        """Whether `generate` calls functions of ``torch.nn.functional``: for one-hot codes."""
        return any(item.how is Fed.ONE_HOT for item in self.fed)

    @property
    def width(self) -> str:
        """How many ids there are."""
        return str(self.fed[0].width)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of its methods."""
        once = () if self.encode is None else self.encode.statements
        return (*once, *self.decode.statements)

    def with_steps(self, spec: ModelSpec) -> ModelSpec:
        """A specification with the nodes of both phases, for what is made of all that is run."""
        both = (*self.phases.once.nodes, *self.phases.step.nodes)
        return replace(spec, nodes=(*spec.nodes, *both))

    def advanced(self, indent: int) -> str:
        """The lines that compute a piece."""
        return "\n".join(lines(self.advance, indent))


def write_free_run(spec: ModelSpec, to: TorchEmitter) -> Generation | None:
    """The methods of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        to: what was written of it; the layers and functions that the methods need are added.
    """
    try:
        phases = split_free_run(spec)
    except NoFreeRun:
        return None
    if phases is None:
        return None
    once, step = (_emitter(item, to) for item in (phases.once, phases.step))
    written = write_phases(phases, once, step, _HOW)
    fed = feeding(phases, written)
    to.functions |= {chooser(item) for item in fed if item.is_id}
    passes = (*written.passed, *(item.name for item in written.states if item.first is not None))
    encode = _encode(phases, written, once, fed)
    kinds = {item.name: _kind(item.node) for item in written.states}
    optional = {item.name for item in written.states if item.first is None}
    takes = [f"{item.name}: Tensor" for item in phases.step.inputs]
    takes += [f"{name}: Tensor" for name in (*written.given, *written.passed)]
    takes += [
        f"{item.name}: {kinds[item.name]}{' | None' * (item.name in optional)}"
        for item in written.states
    ]
    outs = (*written.values, *(item.after for item in written.states))
    types = ["Tensor"] * len(written.values) + [kinds[item.name] for item in written.states]
    decode = Method(
        "decode",
        ("self", *takes),
        _types(types),
        (*step.statements, Return(outs)),
    )
    begin: list[Statement] = [
        Assign((Text(item.name),), Text("None"), f"{kinds[item.name]} | None")
        for item in written.states
        if item.first is None
    ]
    if encode is not None:
        inputs = [item.name for item in phases.once.inputs]
        targets = [item.variable for item in fed if item.has_head]
        # Of what is encoded, what was given is passed on as it is.
        made = [Text(name) for name in (*targets, *passes)]
        begin.insert(0, Assign(tuple(made), call("self.encode", *inputs)))
    advance = Assign(
        (*(Text(item.variable) for item in fed), *(Text(item.name) for item in written.states)),
        call(
            "self.decode",
            *(item.name for item in fed),
            *written.given,
            *written.passed,
            *(item.name for item in written.states),
        ),
    )
    fed_names = {item.name for item in fed}
    return Generation(
        encode,
        decode,
        "\n".join(line for item in begin for line in lines(item, 8)),
        advance,
        tuple((item.name, _described(item)) for item in spec.inputs if item.name not in fed_names),
        fed,
        phases,
    )


def generation(run: Generation) -> str:
    """The text of the methods."""
    return str(macros("torch", "free_run").methods(run)).rstrip()


def chooser(fed: Feeding) -> str:
    """The function of the module that chooses ids."""
    return "choose_probable" if fed.is_probability else "choose_id"


def _described(item: Input) -> str:
    """What an argument is."""
    axes = ", ".join(
        ["batch", *("steps" for _ in item.shape[:1] if len(item.shape) > 1 or item.vocabulary)]
    )
    if item.vocabulary is not None:
        return f"ids, ({axes})" if item.shape else "ids, (batch,)"
    return f"values, ({axes}, features)"


def _emitter(spec: ModelSpec, to: TorchEmitter) -> TorchEmitter:
    """An emitter that adds to the layers and functions of another one."""
    # `encode` and `decode` call the layers that `forward` has: nothing is trained twice.
    made = TorchEmitter(spec, rows=to.rows)
    made.used, made.stacks, made.packed = to.used, to.stacks, to.packed
    made.functions, made.paddings = to.functions, to.paddings
    return made


def _encode(
    phases: Phases, written: Written, once: TorchEmitter, fed: tuple[Feeding, ...]
) -> Method | None:
    began = [item for item in written.states if item.first is not None]
    heads = [item for item in written.heads if item is not None]
    values: list[Code] = [*heads, *(Text(name) for name in written.passed)]
    values += [item.first for item in began if item.first is not None]
    if not values:
        return None
    types = ["Tensor"] * (len(heads) + len(written.passed)) + [_kind(item.node) for item in began]
    takes = tuple(f"{item.name}: Tensor" for item in phases.once.inputs)
    return Method(
        "encode",
        ("self", *takes),
        _types(types),
        (*once.statements, Return(tuple(values))),
    )


def _kind(node: Node) -> str:
    """The type of a node's state."""
    return (
        "tuple[Tensor, Tensor]"
        if isinstance(node.operation, Scan) and has_parts(node)
        else "Tensor"
    )


def _types(types: Sequence[str]) -> Code:
    return Text(types[0]) if len(types) == 1 else subscripted("tuple", *map(Text, types))


def _begin(node: Block, to: TorchEmitter) -> Code:
    assert node.initial is not None
    return initial_state(node, node.initial, to)


def _zeros(name: str, node: Node, is_optional: bool, to: TorchEmitter) -> None:
    """What a convolution reads before its first step."""
    assert node.layer is not None
    state = next(item for item in to.graph.states if item.block == node.index)
    batch = f"{to.graph.inputs[0].name}.shape[0]"
    sizes = ", ".join(flat(Text(str(to.size(size)))) for size in state.shape)
    zeros = f"next(self.parameters()).new_zeros({batch}, {sizes})"
    to.assign(Text(name), Text(f"{zeros} if {name} is None else {name}" if is_optional else zeros))


_HOW = FreeWriting(operation, _begin, _zeros)
