"""graph → numpy source: a class that predicts with the weights of a PyTorch ``state_dict``, for inference alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.undrawn import specification
from seqdsl.passes.fed_alone import without_fed_alone
from seqdsl.passes.inline_calls import write_out_loops
from seqdsl.passes.loop_bodies import loop_bodies
from seqdsl.passes.loop_phases import cut_loops
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import stack_rows
from seqdsl.passes.stepped_calls import bodies_of
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Entry,
    Prefix,
    Run,
    Text,
    attributes_of,
    call,
    item_lines,
    lines,
    paths,
    subscripted,
    tuple_of,
)
from seqdsl.targets.emit.called import CalledClasses
from seqdsl.targets.emit.carried import zero_states
from seqdsl.targets.emit.loops import loop_writer
from seqdsl.targets.emit.outputs import name_outputs
from seqdsl.targets.emit.render import environment, frame, length_text
from seqdsl.targets.numpy.called import called_parts, hold
from seqdsl.targets.numpy.emitter import NumpyEmitter, attribute_name, free_name
from seqdsl.targets.numpy.free_run import phases_of, write_free_run, write_step
from seqdsl.targets.numpy.functions import functions
from seqdsl.targets.numpy.loops import STEPS
from seqdsl.targets.numpy.operations import predict
from seqdsl.targets.numpy.weights import compared, is_open, weights
from seqdsl.targets.target import Target
from seqdsl.targets.torch.state_dict import attribute_name as module_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from seqdsl.ir.graph import Graph, Output, Shape, State
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.notes import Module

TARGET = Target("numpy", "numpy", __name__, trains=False)
RUNS_LOOPS = True
_TAKEN = frozenset({"Array", "State", "Weights", "Path", "Any", "Callable", "Mapping"})
"""What a module imports or defines: a model of that name is called otherwise."""


def write(graph: Graph) -> Module:
    """The numpy source of a graph; its rows are stacked as in PyTorch, whose weights it takes."""
    spec = specification(graph)
    name = f"{spec.class_name}Model" if spec.class_name in _TAKEN else spec.class_name
    classes = CalledClasses(_called, _TAKEN | {name}, spec)
    return _class(spec, name, "module", lambda it: NumpyEmitter(it, classes=classes))


def _called(graph: Graph, name: str, caller: NumpyEmitter) -> Module:
    """The class of a graph that another one calls; its functions are those of the caller's module."""
    spec = specification(graph)
    return _class(spec, name, "class", caller.within, caller.classes.phases.get(spec.name))


def _class(
    whole: ModelSpec,
    name: str,
    template: str,
    emitter: Callable[[ModelSpec], NumpyEmitter],
    phases: Phases | None = None,
) -> Module:
    """A class of a name, by itself or in a module of its own."""
    written = write_out_loops(whole, stack_rows)
    drawn = _prepared(written.spec)
    spec, loops = loop_bodies(cut_loops(without_fed_alone(drawn)))
    to = emitter(spec)
    if template == "module":
        phases = phases_of(drawn, _prepared)
        to.classes.phases = dict(bodies_of(phases))
    for node, *_ in written.calls.values():
        hold(node, to)
    predict(spec, to, loop_writer(loops, STEPS))
    run = write_step(phases, to) if template == "class" else write_free_run(phases, to)
    # In this order: only when all statements are written are the layers, functions and attributes complete that the
    # module has to have.
    body = _lines(to.statements)
    expected = list(_expected(to))
    zeros = _zero_states(to)
    computed = [*to.statements, *zeros, *(run.statements if run else ())]
    read = attributes_of("self", paths(computed))
    attributes = _attributes(spec, read)
    given, own = free_name("weights", spec), free_name("own" if to.parts else "weights", spec)
    called = called_parts(to, given, own)
    tied = _tied(to)
    to.needed |= {"one_of_tied"} if tied else set()
    texts = functions(to) if template == "module" else {}
    return frame(
        environment().get_template(f"numpy/{template}.py.j2"),
        spec,
        (),
        builder=[*attributes, *called, *map(Run, expected)],
        forward=to.statements,
        body=body,
        generation="" if run is None else str(run),
        expected=[line for item in expected for line in item_lines(item, 12)],
        tied=tied,
        needed=to.needed,
        called=_lines(called),
        attributes=_lines(attributes),
        functions=list(texts.values()),
        classes=to.classes.texts,
        erf="erf" in texts,
        recurrent="scan" in texts,
        class_name=name,
        takes=_takes(spec),
        gives=_gives(len(spec.outputs) + len(spec.given)),
        zero_states=_lines(zeros),
        gives_zeros=subscripted("tuple", *["Array"] * len(spec.taken)),
        documented=_documented(spec),
        has_dtype="dtype" in read,
        draws="random" in read,
        held=to.weights_name,
        path=free_name("path", spec),
        given=given,
        own=own,
    )


def _prepared(spec: ModelSpec) -> ModelSpec:
    """A model in the forms that PyTorch has idioms for, whose weights it takes."""
    return name_outputs(stack_rows(batch_chains(spec)))


def _lines(statements: Sequence[Statement], indent: int = 8) -> list[str]:
    return [line for statement in statements for line in lines(statement, indent)]


def _attributes(spec: ModelSpec, read: Collection[str]) -> list[Statement]:
    """The statements of ``__init__`` that keep the parameters which are read."""
    return [
        Assign((Attribute(Text("self"), attribute_name(item.name)),), Text(item.name))
        for item in spec.parameters
        if attribute_name(item.name) in read
    ]


def _takes(spec: ModelSpec) -> list[str]:
    """The arguments of ``predict``."""
    inputs = [f"{item.name}: Array" for item in (*spec.arguments, *spec.masks)]
    return inputs + [f"{item.name}: Array | None = None" for item in spec.taken]


def _expected(to: NumpyEmitter) -> Iterator[Code]:
    """The items of a dictionary with the shapes of all weights by name."""
    for name, node in to.used.items():
        for part, shape in weights(node):
            yield Entry(f'"{name}.{part}"', tuple_of(*shape) if shape else Text("()"))
    for name, node in to.used.items():
        layer = to.layer(node)
        if is_open(layer):
            # PyTorch keeps these by the parameters' values: for equal widths one `in_proj_weight`, else three tensors.
            sizes = (layer.width, *compared(layer))
            yield Prefix("**", call(to.function("projections"), f'"{name}"', *sizes))


def _tied(to: NumpyEmitter) -> dict[str, str]:
    """The tensors that are embeddings' under a second name, as a ``state_dict`` of PyTorch has them."""
    layers = [to.layer(node) for node in to.used.values()]
    return {
        f"{module_name(item.name)}.weight": f"{module_name(item.tied)}.weight"
        for item in layers
        if item.tied
    }


def _documented(spec: ModelSpec) -> dict[str, object]:
    """What ``predict`` takes and gives, for people."""
    takes = [
        f"{item.name}: "
        + ("numbers" if item.vocabulary is None else f"ids from 0 to {item.vocabulary - 1}")
        + f", {_batch(item.shape, spec)}"
        for item in spec.inputs
    ]
    takes += [
        f"{item.name}: whole numbers, (batch,): how many steps of {spec.nodes[item.block].name} are valid"
        for item in spec.lengths
    ]
    takes += [
        f"{item.name}: where steps of {spec.nodes[item.block].name} are valid, {_batch(item.shape, spec)}"
        for item in spec.masks
    ]
    takes += [
        f"{item.name}: {'' if item.shape else 'whole '}numbers, {_batch(item.shape, spec)}; zeros if not given"
        for item in spec.taken
    ]
    ends: list[Output | State] = [*spec.outputs, *spec.given]
    gives = [f"{item.name}, {_batch(item.shape, spec)}" for item in ends]
    has_ids = any(item.vocabulary is not None for item in spec.inputs)
    return {"takes": takes, "gives": gives, "has_ids": has_ids}


def _zero_states(to: NumpyEmitter) -> list[Statement]:
    """The statement of ``zero_states``, where it is needed."""

    def zero(item: State) -> Code:
        # Without weights no input tells here how precise numbers are: `predict` makes its states as precise as these.
        is_told = item.dtype == "float32" and to.has_weights
        dtype = to.dtype if is_told else f"np.{item.dtype}"
        return call("np.zeros", tuple_of("batch", *map(to.size, item.shape)), dtype)

    return zero_states(to.graph, zero)


def _batch(shape: Shape, spec: ModelSpec) -> str:
    """A batch's shape for people."""
    sizes = [length_text(size, spec, unnamed="steps") for size in shape]
    return f"({', '.join(['batch', *sizes])}{',' * (not sizes)})"


def _gives(outputs: int) -> Code:
    return Text("Array") if outputs == 1 else subscripted("tuple", *["Array"] * outputs)
