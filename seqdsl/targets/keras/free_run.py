"""free run → functions of the module: ``encode``, computed once, ``decode`` for each step, and ``generate``.

They apply the layers of a model that `build_model` made: nothing is built, and nothing trained, twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.called import PATH
from seqdsl.ir.free_members import Keeps
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Call, Scan
from seqdsl.lowering.naming import Names
from seqdsl.passes.fed_alone import without_fed_alone
from seqdsl.passes.stepped_calls import bodies_of
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Comment,
    Return,
    Text,
    call,
    paths,
    roots,
    tuple_of,
)
from seqdsl.targets.code import Call as CallCode
from seqdsl.targets.emit.block_steps import block_step, steps_of_calls
from seqdsl.targets.emit.free_run import write_phases
from seqdsl.targets.emit.generated import MethodWriting
from seqdsl.targets.emit.generation import write_generation
from seqdsl.targets.emit.line import values_of
from seqdsl.targets.emit.phases import split
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.several import Several
from seqdsl.targets.keras.called import shares_wrapper
from seqdsl.targets.keras.eager import as_operations
from seqdsl.targets.keras.emitter import KerasEmitter
from seqdsl.targets.keras.free_parameters import (
    locally,
    parameters_of,
    parameters_read,
    with_parameters,
)
from seqdsl.targets.keras.free_steps import first_state, layer_of, writing
from seqdsl.targets.keras.makers import BUILDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.called import HeldLayer
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.generated import Generation, Method

_TENSOR = "keras.KerasTensor"
_MODEL = "model: keras.Model"


def write_free_run(
    spec: ModelSpec, to: KerasEmitter, prepare: Callable[[ModelSpec], ModelSpec]
) -> Generation | None:
    """The functions of a free run; ``None`` if nothing is fed back, or it cannot be computed step by step.

    Args:
        spec: the model, as a whole.
        to: what was written of it; the functions that a free run needs are added.
        prepare: what is made of each model before it is written.
    """
    phases = split(spec, prepare, frozenset(Keeps), lambda node: _is_model(node, to))
    if phases is None:
        return None
    # What a block calls is written before it, and stands before it in the module.
    names = _names_beside(spec)
    for name, inner in dict(bodies_of(phases)).items():
        _write_block(name, inner, names, to)
    once, step = _emitters(phases, _held(spec, to), to)
    run = write_generation(phases, once, step, _how(phases, step))
    to.functions |= {chooser(item) for item in run.fed if item.is_id}
    decode = replace(run.decode, statements=as_operations(run.decode.statements))
    encode = None if run.encode is None else _only_read(run.encode)
    return with_parameters(replace(run, encode=encode, decode=decode), spec)


def _is_model(node: Node, to: KerasEmitter) -> bool:
    """Whether the layer that a node calls is a model itself, and not what applies one to each step."""
    if not isinstance(node.operation, Call):
        return False
    return not shares_wrapper(to.layer(node), to)


def _names_beside(spec: ModelSpec) -> Names:
    """The names that a function of the module may have: where it is called, variables have those of the pictures."""
    # Z = tokens(12, feedback=Y, name=decode_block): def decode(model, decode_block, ...)
    items = (it for body in (spec, *spec.called.values()) for it in (*body.arguments, *body.nodes))
    return Names([item.name for item in items])


def _write_block(name: str, phases: Phases, names: Names, to: KerasEmitter) -> None:
    """Write the function of a picture that is called, for a step."""
    once, step = _emitters(phases, {}, to)
    how = _how(phases, step, f"{phases.step.inputs[0].name}.shape[0]")
    written = write_phases(phases, once, step, how.phases)
    builder = to.called.classes[name].name
    function = names.claim(f"decode{builder.removeprefix(BUILDER.rstrip('_'))}")
    method, block = block_step(function, phases, written, step, how)
    read = parameters_read(method, phases.whole)
    to.called.steps[name] = replace(block, parameters=tuple(item.name for item in read))
    statements = as_operations(method.statements)
    own = (f"{item.name}: {type(item.default).__name__}" for item in read)
    takes = (*method.takes, *own)
    text = macros("keras", "free_run").block(replace(method, takes=takes, statements=statements))
    to.called.functions.append(str(text).strip())


def _emitters(
    phases: Phases, held: dict[str, HeldLayer], to: KerasEmitter
) -> tuple[KerasEmitter, KerasEmitter]:
    """What writes both phases of a model that was trained, whose loops hold some layers."""
    whole = without_fed_alone(phases.whole)
    trained = KerasEmitter(whole, called=to.called, held=held)
    trained.callers = to.callers if held else {}
    trained.functions = to.functions
    once, step = (_emitter(item, trained, to) for item in (phases.once, phases.step))
    step.call_steps = steps_of_calls(phases, to.called.steps)
    return once, step


def _held(spec: ModelSpec, to: KerasEmitter) -> dict[str, HeldLayer]:
    """Where the layers are that only loops apply, those of the models that are called by their paths."""
    # "narx_r.gru_d": layer_within(model, "narx_r", "gru_d_loop").gru_d_layer
    found = dict(to.held)
    for node in spec.nodes:
        if not isinstance(node.operation, Call) or node.layer is None:
            continue
        path, builder = node.layer.name, to.called.classes[str(node.kind)].name
        for name, held in to.called.held[builder].items():
            owner = held.place.of
            assert isinstance(owner, CallCode)
            within = call(to.function("layer_within"), "model", f'"{path}"', *owner.arguments)
            place = Attribute(within, held.place.name)
            found[f"{path}{PATH}{name}"] = replace(held, place=place)
    return found


def chooser(fed: Feeding) -> str:
    """The function of the module that chooses ids."""
    return "choose_probable" if fed.is_probability else "choose_id"


def generation(run: Generation | None) -> str:
    """The text of the functions."""
    if run is None:
        return ""
    given = [(locally(item.name), item) for item in parameters_of(run, run.phases.whole)]
    choosers = [chooser(item) for item in run.fed]
    several = ""
    if len(choosers) > 1:
        made = macros("keras", "free_several").generate(Several.of(run), choosers, given)
        several = str(made).rstrip()
    text = macros("keras", "free_run").functions(run, choosers[0], given, several)
    return str(text).strip()


def _only_read(method: Method) -> Method:
    """A function that names no output of a recurrent layer which only its state is read of."""
    # _, *gru_state = layers.RNN(...)(x)
    read = roots(paths(value for item in method.statements for value in values_of(item)))
    statements = (
        replace(item, targets=(Text("_"), *item.targets[1:]))
        if isinstance(item, Assign)
        and len(item.targets) > 1
        and not roots(paths(item.targets[:1])) & read
        else item
        for item in method.statements
    )
    return replace(method, statements=tuple(statements))


def _emitter(spec: ModelSpec, trained: KerasEmitter, to: KerasEmitter) -> KerasEmitter:
    """An emitter that applies the layers of the trained model, and adds to the functions of another one."""
    looped = frozenset(index for circle in find_circles(trained.graph) for index in circle)
    made = KerasEmitter(spec, trained=trained, looped=looped, called=to.called)
    made.functions, made.projects_ahead = to.functions, to.projects_ahead
    return made


def _how(phases: Phases, step: KerasEmitter, samples: str = "") -> MethodWriting:
    """How a free run is written; ``samples``: the code of how many there are, where no prompt tells it."""
    has_head = any(item.head is not None for item in phases.run.members)
    encoded = [item.name for item in phases.once.inputs if item.feedback is None]
    # Of so many samples: those of what is encoded, where there need not be a prompt.
    # Several inputs that are fed have a prompt each.
    prompt = "prompt" if len(phases.run.fed) == 1 else f'prompt["{phases.run.fed[0].name}"]'
    prompted = f"{encoded[0]}.shape[0]" if has_head and encoded else f"{prompt}.shape[0]"
    batch = samples or prompted

    def zero(node: Node) -> Code:
        return first_state(node, batch, step)

    def or_zero(state: str, node: Node) -> Code:
        # A list of arrays is true, an array neither true nor false.
        if isinstance(node.operation, Scan):
            return Binary("or", (Text(state), zero(node)))
        return call(step.function("or_zero_steps"), state, layer_of(node, step), batch)

    return MethodWriting(
        _TENSOR,
        _kind,
        writing(step),
        _MODEL,
        ("", ("model",)),
        zero,
        _without_gradients,
        detached=_detached,
        past="Past",
        prompt="prompt",
        is_stepwise=True,
        or_zero=or_zero,
        any_tuple="tuple",
    )


def _detached(value: Code) -> Code:
    return call("ops.stop_gradient", value)


def _kind(node: Node) -> str:
    """The type of a node's state."""
    return f"list[{_TENSOR}]" if isinstance(node.operation, Scan) else _TENSOR


def _without_gradients(values: tuple[Code, ...]) -> tuple[Statement, ...]:
    """What a function gives, which nobody trains."""
    value = values[0] if len(values) == 1 else tuple_of(*values)
    why = Comment("With PyTorch as its backend, Keras would keep all steps for gradients.")
    return (why, Return((call("keras.tree.map_structure", "ops.stop_gradient", value),)))
