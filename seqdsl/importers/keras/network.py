"""a model's public configuration → its calls in order: what a saved model has in its JSON, and a live one tells.

A functional model lists its layers with their calls, a sequential one its layers alone; both become a `Network`.
Nothing of the model is run here.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from seqdsl.importers.keras.refusals import Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Config = Mapping[str, Any]

_TENSOR = "__keras_tensor__"


class Ref(NamedTuple):
    """A tensor: what the nth call of a layer gives, and which part of it."""

    layer: str
    call: int
    part: int


class Constant(NamedTuple):
    """An array that stands in the configuration."""

    values: Any


@record(frozen=True)
class Record:
    """A layer, or an operation, as the configuration has it.

    Attributes:
        name: its name in its model.
        path: its name after those of the models that it is in, with points between.
        kind: its class.
        module: where the class is; empty for a custom one.
        config: its arguments.
        live: the layer itself, of a live model; ``None``: it comes from a file.
        line: where the model's source calls it, as ``file:line``; empty: that is not known.
    """

    name: str
    path: str
    kind: str
    module: str
    config: Config
    live: Any = None
    line: str = ""

    @property
    def is_own(self) -> bool:
        """Whether its class is none of Keras's."""
        return self.module.partition(".")[0] != "keras"


@record(frozen=True)
class Call:
    """One call of a layer: positional and named arguments, with `Ref` in place of tensors."""

    of: Record
    number: int
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@record(frozen=True)
class Network:
    """A model as calls.

    Attributes:
        name: its name.
        inputs: its arguments, as they are nested.
        outputs: its results, as they are nested.
        calls: each behind those that it reads.
        records: its inputs' records by name.
        shapes: the shape of each tensor that a call reads, and its type, as far as they are told.
        held: the weights that the layer uses itself whose calls these are, and the tensors that they are.
        begun: the numbers with which its loops begin, and the tensors that they are.
        path: the layer's path; empty: it is the whole model.
        layer: the layer.
    """

    name: str
    inputs: Any
    outputs: Any
    calls: tuple[Call, ...]
    records: Mapping[str, Record]
    shapes: Mapping[Ref, tuple[tuple[int | None, ...], str]] = field(default_factory=dict)
    held: tuple[tuple[Ref, Any], ...] = ()
    begun: tuple[tuple[Ref, Constant], ...] = ()
    path: str = ""
    layer: Any = None


def is_network(config: object) -> bool:
    """Whether a configuration is that of a model whose calls are known."""
    return isinstance(config, dict) and isinstance(config.get("layers"), list)


def network(
    config: Config, path: str = "", live: Any = None, lines: Mapping[str, str] | None = None
) -> Network:
    """The calls of a model.

    Args:
        config: what ``get_config()`` gives.
        path: the names of the models that it is in, each with a point behind it.
        live: the model, if there is one: its layers are found by name.
        lines: of a model that was made to be read, the lines that call its layers and operations, by their names.
            The names of its operations are no one's then, and differ each time.

    Raises:
        Refused: the configuration is of another kind, or of another version of Keras.
    """
    if not is_network(config):
        raise Refused("its configuration does not list its layers")
    known = _by_name(live)
    records = [_record(item, path, known) for item in config["layers"]]
    if lines is not None:
        records = [
            replace(_numbered(item, path, number), line=lines.get(item.name, ""))
            for number, item in enumerate(records)
        ]
    if "input_layers" in config:
        return _functional(config, records, path)
    return _sequential(config, records, path)


def _by_name(live: Any) -> dict[str, Any]:
    # A functional model has its operations as well, such as `x[:, -1]`; a sequential one has layers alone.
    found: Any = getattr(live, "operations", None) or getattr(live, "layers", None) or ()
    return {item.name: item for item in found}


def _record(item: Config, path: str, known: Mapping[str, Any]) -> Record:
    if not isinstance(item, dict) or not isinstance(item.get("config"), dict):
        raise Refused("a layer's configuration has no arguments")
    name = item.get("name") or item["config"].get("name") or item["class_name"]
    # "Custom>ZeroMasked" of a registered class; Keras's own have none, or their class's name.
    own = ">" in (item.get("registered_name") or "")
    module = "" if own else item.get("module") or ""
    return Record(
        name, f"{path}{name}", item["class_name"], module, item["config"], known.get(name)
    )


def _numbered(record: Record, path: str, number: int) -> Record:
    if ".ops" not in record.module:
        return record
    return replace(record, path=f"{path}{record.kind.lower()}#{number}")


def _sequential(config: Config, records: list[Record], path: str) -> Network:
    if not records or records[0].kind != "InputLayer":
        shape = config.get("build_input_shape")
        if shape is None:
            raise Refused(
                "it has no input shape yet", "begin it with keras.Input, or call it on data once"
            )
        given = {"batch_shape": shape, "dtype": "float32", "name": "input"}
        records = [Record("input", f"{path}input", "InputLayer", "keras.layers", given), *records]
    calls, last = [], Ref(records[0].name, 0, 0)
    for item in records[1:]:
        calls.append(Call(item, 0, (last,)))
        last = Ref(item.name, 0, 0)
    first = Ref(records[0].name, 0, 0)
    return Network(config["name"], first, last, tuple(calls), {first.layer: records[0]})


def _functional(config: Config, records: list[Record], path: str) -> Network:
    models = {item.name for item in records if "input_layers" in item.config}
    inputs = _history(config["input_layers"], models)
    outputs = _history(config["output_layers"], models)
    waiting = [
        _call(record, number, node)
        for record, item in zip(records, config["layers"], strict=True)
        for number, node in enumerate(item["inbound_nodes"])
    ]
    sources = {record.name: record for record in records if record.kind == "InputLayer"}
    calls = tuple(_in_order(waiting, {(name, 0) for name in sources}))
    shapes = dict(_shapes(config["layers"]))
    return Network(config["name"], inputs, outputs, calls, sources, shapes, path=path.rstrip("."))


def _in_order(waiting: list[Call], known: set[tuple[str, int]]) -> Iterator[Call]:
    """Calls, each behind those that it reads; ``known``: the calls of inputs."""
    # The layers stand in the order of their first calls: a shared one may be called again much later.
    while waiting:
        ready = [item for item in waiting if all(ref[:2] in known for ref in refs_of(item))]
        if not ready:
            raise Refused("its calls read each other in a circle, or something that is missing")
        yield from ready
        known |= {(item.of.name, item.number) for item in ready}
        waiting = [item for item in waiting if (item.of.name, item.number) not in known]


def _call(of: Record, number: int, node: object) -> Call:
    if not isinstance(node, dict):
        raise Refused("it was saved by Keras 2", "load it there, and save it with Keras 3")
    return Call(of, number, tuple(parsed(node["args"])), parsed(node["kwargs"]))


def _history(value: Any, models: set[str]) -> Any:
    """``["x", 0, 0]`` as the tensor that it is; lists and dictionaries of such stay.

    ::

        ["encoder", 1, 0]       the first call of a functional model: Keras counts how it was made as well, here alone
    """
    if isinstance(value, dict):
        return {name: _history(item, models) for name, item in value.items()}
    if len(value) == 3 and isinstance(value[0], str):
        name, number, part = value
        return Ref(name, number - (name in models), part)
    return [_history(item, models) for item in value]


def _shapes(value: Any) -> Iterator[tuple[Ref, tuple[tuple[int | None, ...], str]]]:
    """The shapes and types of all tensors in a configuration."""
    if isinstance(value, dict):
        if value.get("class_name") == _TENSOR:
            told = value["config"]
            yield Ref(*told["keras_history"]), (tuple(told["shape"]), str(told["dtype"]))
        else:
            value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _shapes(item)


def parsed(value: Any) -> Any:
    """An argument of a call, as Keras serializes it, with `Ref` in place of tensors.

    Raises:
        Refused: it is an object that Keras would have to make.
    """
    if isinstance(value, list | tuple):
        return [parsed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value:
        return {name: parsed(item) for name, item in value.items()}
    return _object(value["class_name"], value.get("config", {}))


def _object(kind: str, config: Any) -> Any:
    if kind == _TENSOR:
        return Ref(*config["keras_history"])
    if kind == "__slice__":
        return slice(*(parsed(config[name]) for name in ("start", "stop", "step")))
    if kind == "__ellipsis__":
        return ...
    if kind == "__tuple__":
        return tuple(parsed(item) for item in config)
    if kind in ("__tensor__", "__numpy__"):
        # `scores / ops.sqrt(8.0)`: a tensor of one number is that number.
        value = config["value"]
        return value if isinstance(value, int | float) else Constant(value)
    raise Refused(f"an argument of its call is a `{kind}`, which is not read")


def refs_of(value: Any) -> Iterator[Ref]:
    """The tensors that a call, or a part of its arguments, reads."""
    if isinstance(value, Call):
        yield from refs_of(value.args)
        yield from refs_of(value.kwargs)
    elif isinstance(value, Ref):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from refs_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from refs_of(item)
    elif isinstance(value, slice):
        yield from refs_of((value.start, value.stop, value.step))
