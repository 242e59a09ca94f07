"""LSTM, GRU, SimpleRNN, ConvLSTM2D and RNN → rows with their directions and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import keras
import numpy as np

from seqdsl.importers.keras.initial import initial_state
from seqdsl.importers.keras.ledger import Kind
from seqdsl.importers.keras.masks import marking
from seqdsl.importers.keras.own_cells import own_cell
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.repeated import require_steps
from seqdsl.importers.keras.values import Value, values_in
from seqdsl.importers.keras.written import activation, square, written
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Passed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.keras.network import Config, Record
    from seqdsl.importers.keras.site import Site
    from seqdsl.layout.wiring import Begun

    Ids = NDArray[np.int64]

CELLS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn", "ConvLSTM2D": "convlstm"}
"""Layers of Keras that run a cell of the language."""


_STATELESS = "make it with stateful=False; a picture takes and gives states by `*--H-H--*`"


class Cell(NamedTuple):
    """The call of a recurrent layer, and how many features it gives.

    Attributes:
        call: as the language writes it.
        features: of its output.
        outputs: of a cell of its own, which of its states are its output.
    """

    call: str
    features: int
    outputs: tuple[bool, ...] = ()


def cell_of(kind: str, config: Config) -> Cell:
    """What a recurrent layer runs.

    Raises:
        Refused: it has an argument that the language does not have.
    """
    if kind not in CELLS:
        raise Refused(f"it runs a cell of its own, `{kind}`")
    if config.get("stateful"):
        raise Refused("`stateful=True` keeps state from call to call", _STATELESS)
    if kind == "ConvLSTM2D":
        return Cell(_convlstm(config), config["filters"])
    if kind == "GRU" and not config.get("reset_after", True):
        raise Refused(
            "`reset_after=False` is not in the language's `gru`",
            "train it with reset_after=True, or write the cell as equations",
        )
    gates = config.get("recurrent_activation")
    call = written(
        CELLS[kind],
        units=config["units"],
        activation=activation(config["activation"]),
        recurrent_activation=None if gates is None else activation(gates),
        bias=config["use_bias"],
        dropout=float(config["dropout"]),
        recurrent_dropout=float(config["recurrent_dropout"]),
    )
    return Cell(call, config["units"])


def is_of_keras(layer: Any) -> bool:
    """Whether a layer's class is one of Keras's."""
    return type(layer).__module__.partition(".")[0] == "keras"


def is_own_cell(record: Record) -> bool:
    """Whether a layer runs a cell that is none of Keras's: ``keras.layers.RNN``, or a class made of it."""
    own = record.is_own and isinstance(record.live, keras.layers.RNN)
    return own or record.kind == "RNN" or is_reset_before(record.live)


def is_reset_before(live: Any) -> bool:
    """Whether a layer is a GRU that resets the state before it multiplies it, which is no `gru` of the language."""
    return isinstance(live, keras.layers.GRU) and not live.reset_after


def own(site: Site, live: Any, ids: Ids, part: str = "") -> Cell:
    """The cell of its own that a layer runs; where its weights are is noted."""
    if live.stateful:
        raise Refused("`stateful=True` keeps state from call to call", _STATELESS)
    plain = type(live.cell).__name__.removesuffix("Cell")
    if type(live) is keras.layers.RNN and is_of_keras(live.cell) and plain in CELLS:
        # RNN(LSTMCell(8)) is LSTM(8).
        return cell_of(plain, live.cell.get_config())
    if ids.ndim not in (3, 5):
        raise Refused("it runs a cell of its own, which reads more than features in a step")
    # (samples, steps, features), or (samples, steps, height, width, features)
    made = own_cell(site.walk, live, ids.shape[-1], ids.shape[2:-1])
    way = part.removesuffix("_layer")
    path = site.record.path
    # Of a wrapper that becomes one row, or two: both are noted.
    site.walk.parted[f"{path}.{part}" if part else path] = list(made.weights)
    both = site.walk.parted.setdefault(path, [])
    both += [item._replace(name=f"{way}/{item.name}") for item in made.weights if part]
    return Cell(f"{made.cell.name}({made.features})", made.features, made.outputs)


def settings(live: Any, config: Config) -> Config:
    """What a layer says of its run, whatever its class says of its configuration."""
    names = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask")
    told = {name: getattr(live, name) for name in names if hasattr(live, name)}
    return {"recurrent_dropout": 0.0, **config, **told}


def _convlstm(config: Config) -> str:
    wanted = {
        "padding": "same",
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "use_bias": True,
        "dropout": 0.0,
        "recurrent_dropout": 0.0,
        "data_format": "channels_last",
    }
    for name, value in wanted.items():
        if config[name] != value:
            raise Refused(
                f"`{name}={config[name]}` is not in the language's `convlstm`",
                f"use {name}={value!r}, or write the cell as equations in the picture's file",
            )
    if {*config["strides"], *config["dilation_rate"]} != {1}:
        raise Refused(
            "`convlstm` has no strides and no dilation",
            "leave them out, and pool its images by a TimeDistributed layer below or above it",
        )
    kernel = square(config, "kernel_size")
    return written("convlstm", filters=config["filters"], kernel=kernel)


def recurrent(site: Site) -> Any:
    """A layer of one direction."""
    kind, is_own = site.record.kind, is_own_cell(site.record)
    config = settings(site.record.live, site.config) if is_own else site.config
    value, states = arguments_of(site)
    note_differences(site, config)
    backward = config.get("go_backwards", False)
    way = Direction.BACKWARD if backward else Direction.FORWARD
    cell = own(site, site.record.live, value.ids) if is_own else cell_of(kind, config)

    if kind == "ConvLSTM2D":
        require_steps(site, value.ids)

    def apply(ids: Ids) -> list[Ids]:
        first = initial_state(site, cell.call, states, is_own=bool(cell.outputs))
        return run(site, cell, ids, way, initial=first)

    _check_states(value, states, cell, config)
    steps, *final = site.for_chains(value.ids, apply)
    # Keras gives the steps of a backward run in the order in which it computes them.
    steps = steps[:, ::-1] if backward else steps
    result = Value(steps) if config["return_sequences"] else Value(final[0])
    return [result, *map(Value, final)] if config["return_state"] else result


def _check_states(value: Value, states: list[Value], cell: Cell, config: Config) -> None:
    """Check that the language has such states."""
    if states and len(value.ids) != 2:
        raise Refused("it begins several chains with states")
    # What a row hands over begins with its output.
    if config["return_state"] and cell.outputs and not cell.outputs[0]:
        raise Refused("it runs a cell of its own, and gives a state that is not its output")


def run(
    site: Site,
    cell: Cell,
    ids: Ids,
    direction: Direction,
    *,
    initial: Passed | Begun | None = None,
    part: str = "",
) -> list[Ids]:
    """Note a run: its steps, and what it ends with: the output, and the memory of an LSTM."""
    ledger, call = site.walk.ledger, cell.call
    # What a cell of convolutions gives has the places that it reads.
    shape = (*ids.shape[2:-1], cell.features)
    if direction is Direction.BIDIRECTIONAL:
        shape = (*shape[:-1], 2 * shape[-1])
    operand = ledger.steps(ids)
    steps = site.block(
        call, (operand,), ids.shape[1], shape, direction=direction, initial=initial, part=part
    )
    block = len(ledger.blocks) - 1
    site.walk.masks.use(site.record.path, block, None, _mask(site))
    # A forward run ends with its last step; what runs backward as well has another end.
    ends = direction is Direction.FORWARD
    final = [steps[:, -1] if ends else ledger.part(block, Kind.FINAL, None, shape)]
    if call.startswith(("lstm(", "convlstm(")):
        final.append(ledger.part(block, Kind.MEMORY, None, shape))
    # h of a cell whose states are h, c; of one whose output is no state, no state is known.
    if cell.outputs[:1] == (True,):
        memory = ledger.part(block, Kind.MEMORY, None, shape)
        final += [final[0] if is_output else memory for is_output in cell.outputs[1:]]
    site.walk.finals[block] = tuple(final)
    return [steps, *final]


def arguments_of(site: Site) -> tuple[Value, list[Value]]:
    """The sequence that a layer reads, and the states that it begins with."""
    sequence, *others = values_in(site.args) + values_in(site.option("sequences"))
    states = others + values_in(site.option("initial_state"))
    if any(not item.is_plain for item in (sequence, *states)):
        raise Multiplied()
    return sequence, states


def _mask(site: Site) -> Any:
    """The mask that a layer gets: beside an initial state Keras does not look for one on what the layer reads."""
    given = site.option("mask")
    value, states = arguments_of(site)
    return marking(value.mask if given is None and not states else given)


def note_differences(site: Site, config: Config) -> None:
    """Note that padded steps differ where Keras repeats the last output at them, and what differs in training."""
    # With recurrent dropout, cells with gates compute each gate by itself (`implementation=1`), with its own masks.
    if config["recurrent_dropout"] and "recurrent_activation" in config:
        site.differs("Keras drops other features for each gate, the picture's model the same ones")
    masked = _mask(site) is not None and config["return_sequences"]
    if masked and not config.get("zero_output_for_mask"):
        site.differs(
            "at padded steps Keras repeats the last output, and the picture's model gives zero",
            numbers=True,
        )
