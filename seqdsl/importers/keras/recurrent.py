"""LSTM, GRU, SimpleRNN, ConvLSTM2D and Bidirectional → rows with their directions and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import keras
import numpy as np

from seqdsl.importers.keras.hints import TWO_ROWS
from seqdsl.importers.keras.initial import initial_state
from seqdsl.importers.keras.ledger import Kind
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.repeated import require_steps
from seqdsl.importers.keras.values import Value, values_in
from seqdsl.importers.keras.written import activation, written
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

_MERGES = {"sum": "add", "mul": "multiply", "ave": "mean"}
"""How both directions are combined where they do not stand side by side."""


class Cell(NamedTuple):
    """The call of a recurrent layer, and how many features it gives."""

    call: str
    features: int


def cell_of(kind: str, config: Config) -> Cell:
    """What a recurrent layer runs.

    Raises:
        Refused: it has an argument that the language does not have.
    """
    if kind not in CELLS:
        raise Refused(f"it runs a cell of its own, `{kind}`")
    if config.get("stateful"):
        raise Refused(
            "`stateful=True` keeps state from call to call",
            "make it with stateful=False; a picture takes and gives states by `*--H-H--*`",
        )
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


def is_own_cell(record: Record) -> bool:
    """Whether a layer runs a cell that is none of Keras's: ``keras.layers.RNN``, or a class made of it."""
    own = record.is_own and isinstance(record.live, keras.layers.RNN)
    return own or record.kind == "RNN"


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
            raise Refused(f"`{name}={config[name]}` is not in the language's `convlstm`")
    ones = {*config["strides"], *config["dilation_rate"]}
    if ones != {1} or len(set(config["kernel_size"])) > 1:
        raise Refused("`convlstm` has square windows, without strides and dilation")
    return written("convlstm", filters=config["filters"], kernel=config["kernel_size"][0])


def recurrent(site: Site) -> Any:
    """A layer of one direction."""
    kind, config = site.record.kind, site.config
    value, states = _arguments(site)
    _note_differences(site, config)
    backward = config.get("go_backwards", False)
    way = Direction.BACKWARD if backward else Direction.FORWARD
    cell = cell_of(kind, config)

    if kind == "ConvLSTM2D":
        require_steps(site, value.ids)

    def apply(ids: Ids) -> list[Ids]:
        first = initial_state(site, cell.call, states)
        return run(site, cell, ids, way, initial=first)

    if states and len(value.ids) != 2:
        raise Refused("it begins several chains with states")
    steps, *final = site.for_chains(value.ids, apply)
    # Keras gives the steps of a backward run in the order in which it computes them.
    steps = steps[:, ::-1] if backward else steps
    result = Value(steps) if config["return_sequences"] else Value(final[0])
    return [result, *map(Value, final)] if config["return_state"] else result


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
    site.walk.finals[block] = tuple(final)
    return [steps, *final]


def _arguments(site: Site) -> tuple[Value, list[Value]]:
    """The sequence that a layer reads, and the states that it begins with."""
    sequence, *others = values_in(site.args) + values_in(site.option("sequences"))
    states = others + values_in(site.option("initial_state"))
    if any(not item.is_plain for item in (sequence, *states)):
        raise Refused("it reads values that are multiplied by a number, or filled in")
    return sequence, states


def _mask(site: Site) -> Any:
    """The mask that a layer gets: beside an initial state Keras does not look for one on what the layer reads."""
    given = site.option("mask")
    value, states = _arguments(site)
    return value.mask if given is None and not states else given


def _note_differences(site: Site, config: Config) -> None:
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


def bidirectional(site: Site) -> Any:
    """A layer that runs both ways: one row where the directions stand side by side, else two, and what merges them."""
    config = site.config
    forward, backward = config["layer"], config["backward_layer"]
    value, states = _arguments(site)
    cells = [cell_of(item["class_name"], item["config"]) for item in (forward, backward)]
    _note_differences(site, forward["config"])
    is_one = (
        cells[0] == cells[1]
        and config["merge_mode"] == "concat"
        and (site.record.path, TWO_ROWS) not in site.walk.hints
    )

    def apply(ids: Ids) -> list[Ids]:
        if is_one:
            return _one_row(site, cells[0], ids, states)
        return _two_rows(site, cells, ids, states)

    if states and len(value.ids) != 2:
        raise Refused("it begins several chains with states")
    made = site.for_chains(value.ids, apply)
    return _results(site, made)


def _one_row(site: Site, cell: Cell, ids: Ids, states: list[Value]) -> list[Ids]:
    """``[steps, final output, states of the forward run, states of the backward one]``, as `_two_rows`."""
    first = None
    if states:
        half = len(states) // 2
        joined = [
            Value(np.concatenate([one.ids, other.ids], -1))
            for one, other in zip(states[:half], states[half:], strict=True)
        ]
        first = initial_state(site, cell.call, joined)
        if not isinstance(first, Passed | None):
            # Each direction begins with a value of its own.
            raise Again(site.record.path, TWO_ROWS)
    steps, *final = run(site, cell, ids, Direction.BIDIRECTIONAL, initial=first)
    halves = [np.split(item, 2, -1) for item in final]
    return [steps, final[0], *(item[0] for item in halves), *(item[1] for item in halves)]


def _two_rows(site: Site, cells: list[Cell], ids: Ids, states: list[Value]) -> list[Ids]:
    half = len(states) // 2
    ways = (
        ("forward_layer", Direction.FORWARD, states[:half]),
        ("backward_layer", Direction.BACKWARD, states[half:]),
    )
    rows = []
    for cell, (part, way, begins) in zip(cells, ways, strict=True):
        initial = initial_state(site, cell.call, begins)
        rows.append(run(site, cell, ids, way, initial=initial, part=part))
    (ahead, *first), (back, *second) = rows
    # Only what is read of these is kept: the merged steps, or the merged ends.
    return [*_merged(site, ahead, back), *_merged(site, first[0], second[0]), *first, *second]


def _merged(site: Site, ahead: Ids, back: Ids) -> list[Ids]:
    mode = site.config["merge_mode"]
    if mode == "concat":
        return [np.concatenate([ahead, back], -1)]
    if mode is None:
        return [ahead, back]
    ledger, sequence = site.walk.ledger, site.has_steps(ahead)
    read = [ledger.steps(ids) if sequence else ledger.vector(ids) for ids in (ahead, back)]
    steps = ahead.shape[1] if sequence else None
    shape = ahead.shape[2 if sequence else 1 :]
    return [site.block(_MERGES[mode], tuple(read), steps, shape, part="merged")]


def _results(site: Site, made: list[Ids]) -> Any:
    """Pick from ``[merged steps..., merged ends..., states...]`` what the layer gives."""
    inner = site.config["layer"]["config"]
    count = 2 if site.config["merge_mode"] is None else 1
    steps, ends, states = made[:count], made[count : 2 * count], made[2 * count :]
    results = [Value(ids) for ids in (steps if inner["return_sequences"] else ends)]
    if inner["return_state"]:
        results += map(Value, states)
    return results if len(results) > 1 else results[0]
