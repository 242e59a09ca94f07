"""blocks → facts: what the layer macros need to know of how a layer is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import Convolve, Use
from seqdsl.lowering.kernels import has_kernel
from seqdsl.size import Size
from seqdsl.targets.code import Call, call, tuple_of

if TYPE_CHECKING:
    from seqdsl.ir.graph import Input, Layer, Shape, State
    from seqdsl.model.spec import Block, ModelSpec


NOTHING = Size.of(0)
ONE = Size.of(1)


def input_layer(item: Input, spec: ModelSpec, batch: str = "") -> Call:
    """The ``keras.Input`` of a model's input; a free length is ``None``, ``batch`` the variable of a batch's size."""
    dtype = {"dtype": '"int32"'} if item.dtype == "int32" else {}
    return input_of(item.name, item.shape, spec, batch, **dtype)


def input_of(name: str, shape: Shape, spec: ModelSpec, batch: str = "", **dtype: object) -> Call:
    """The ``keras.Input`` of this name; a free length is ``None``."""
    sizes = [None if is_free(size, spec) else size for size in shape]
    whole = {"batch_shape": tuple_of(batch, *sizes)} if batch else {"shape": tuple_of(*sizes)}
    return call("keras.Input", **whole, **dtype, name=f'"{name}"')


def options_of(item: State) -> dict[str, object]:
    """What is said of the type of a state where it is not that of all numbers."""
    return {} if item.dtype == "float32" else {"dtype": f'"{item.dtype}"'}


def is_free(size: Size, spec: ModelSpec) -> bool:
    """Whether a size comes with the data."""
    return bool(size.names & set(spec.free))


def padding_of(layer: Layer, convolve: Convolve) -> str:
    """How Keras pads for a convolution: by name where it has one."""
    before, after = convolve.before, convolve.after
    arguments = layer.arguments
    reach = (layer.size("kernel") - 1) * layer.size("dilation")
    # Kernel 3, reach 2: none is "valid", 2 before is "causal", 1 before and 1 after is "same".
    # Kernel 4, reach 3: "same" is 1 before and 2 after.
    if before == after == NOTHING or convolve.carry is not Carry.NONE:
        return "valid"
    if arguments["stride"] == 1 and before == reach and after == NOTHING:
        return "causal"
    if arguments["stride"] == 1 and before == reach // 2 and before + after == reach:
        return "same"
    return "explicit"


def stride_of(block: Block) -> int:
    """By how many steps a convolution's window moves."""
    assert block.layer is not None
    stride = block.layer.arguments["stride"]
    assert isinstance(stride, int)
    return stride


def slices_after(block: Block) -> int:
    """The stride of a convolution that Keras takes in no other way: `Conv1D` refuses one beside a dilation."""
    assert block.layer is not None
    return stride_of(block) if block.layer.size("dilation") != ONE else 1


def facts(block: Block) -> dict[str, object]:
    """What the layer macros need to know of the block that they are applied in."""
    assert block.layer is not None
    facts: dict[str, object] = {
        "sequences": Use.SEQUENCE in block.uses,
        "state": keeps_state(block),
        "masked": bool(block.masks),
        "scattered": _is_scattered(block),
        "backwards": block.direction is Direction.BACKWARD,
        "stateful": False,
    }
    if isinstance(block.operation, Convolve):
        padding = padding_of(block.layer, block.operation)
        facts["padding"] = "valid" if padding == "explicit" else padding
        facts["strides"] = 1 if slices_after(block) != 1 else block.layer.arguments["stride"]
    return facts


def _is_scattered(block: Block) -> bool:
    """Whether padding of a recurrent block may stand where only cuDNN's kernels, if they apply, do not take it."""
    if not block.masks or block.masking.at_end or block.layer is None:
        return False
    usual = has_kernel(block.layer.kind, block.layer.arguments)
    return usual and block.layer.arguments.get("bias") is not False


def keeps_state(block: Block) -> bool:
    """Whether a recurrent layer returns its state."""
    # A bidirectional row ends at both ends, a masked one before its padding.
    apart = block.direction is Direction.BIDIRECTIONAL or bool(block.masks)
    both = apart and {Use.SEQUENCE, Use.FINAL} <= block.uses
    # Where only the steps are read, nothing asks for the state that a run was given and left as it was.
    ends = block.steps is None or Use.SEQUENCE not in block.uses
    return Use.STATE in block.uses or both or (ends and may_keep_start(block))


def may_keep_start(block: Block) -> bool:
    """Whether a sample without a valid step may leave a block the state that it was given.

    Keras's output is zero then; its state is right.
    """
    return bool(block.masks) and block.has_start


def drawn_padding(convolve: Convolve) -> tuple[int, int]:
    """The steps before and after what a convolution reads that Keras has no name for: those of a drawn window."""
    before, after = convolve.before.constant, convolve.after.constant
    assert before is not None and after is not None
    return before, after


def model_name(spec: ModelSpec) -> str:
    """The model's name as Keras takes it."""
    return spec.name.replace("-", "_")


def wants_steps(block: Block) -> bool:
    """Whether more is read of a recurrent block than its final state."""
    return block.steps is not None and Use.SEQUENCE in block.uses
