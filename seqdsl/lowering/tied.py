"""`tied=M` → units: what uses the matrix of an embedding gives one value for each id that the embedding knows.

Y Y Y Y   dense(tied=M, softmax)      as many units as X has ids, reads as many features as M gives
| | | |
H H H H   lstm(64)
| | | |
M M M M   embedding(64)
| | | |
X X X X   tokens(1000)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, Kind
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.syntax.ast import Argument, Letter
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.settings import Settings
    from seqdsl.picture.blocks import DrawnBlock

_VOCABULARY = "vocabulary"


def tie_units(
    settings: Sequence[Settings],
    blocks: Sequence[DrawnBlock],
    operands: Sequence[Sequence[Operand]],
) -> tuple[list[Settings], list[Diagnostic]]:
    """Give layers that are tied to an embedding their units; hardly any picture has one.

    Args:
        settings: the layer of each block.
        blocks: the blocks.
        operands: what each block reads.
    """
    picture = _Picture(settings, blocks, operands)
    result = list(settings)
    # A letter that is drawn several times has one call: what is wrong with it is said once.
    diagnostics: dict[int, Diagnostic] = {}
    for index, item in enumerate(settings):
        for argument, told in _tied(item):
            units = picture.units(argument)
            if isinstance(units, Diagnostic):
                diagnostics[id(argument)] = units
            else:
                arguments = {told: units, **item.arguments}
                result[index] = type(item)(item.kind, arguments, item.name, item.call)
    return result, list(diagnostics.values())


def tied_letter(settings: Settings) -> str:
    """The letter of the embedding whose matrix a layer uses; empty if it has its own."""
    return next((str(argument.value) for argument, _ in _tied(settings)), "")


def check_tied(context: LoweringContext, index: int, width: Size) -> bool:
    """Whether a layer reads as many features as the embedding has, whose matrix it uses; an error if not.

    Args:
        context: the picture.
        index: the block.
        width: the features that it reads.
    """
    drawing = context.drawing
    letter = tied_letter(drawing.settings[index])
    if not letter:
        return True
    embedding = next(at for at, block in enumerate(drawing.blocks) if block.letter == letter)
    settings = drawing.settings[embedding]
    given = settings.size(settings.definition.output)
    if context.resolved(width) == context.resolved(given):
        return True
    features, wanted = context.resolved(width), context.resolved(given)
    reader = drawing.blocks[index].letter
    context.error(
        "SEQ318",
        f"`{reader}` reads {features} features, the embedding `{letter}` has {wanted}",
        index,
        f"a tied matrix fits as many features as it looks up: pass them through a `dense({wanted})` row first, "
        "or make both equal",
        (embedding, f"`{letter}` has {wanted} features"),
    )
    return False


def _tied(item: Settings) -> list[tuple[Argument, str]]:
    """The arguments of a call that name an embedding, each with the argument that follows from it."""
    if item.call is None:
        return []
    known = {one.name: one.tells for one in item.definition.signature.keywords}
    ties = {one.name for one in item.definition.signature.keywords if one.kind is Kind.TIED}
    return [(one, known[one.keyword]) for one in item.call.arguments if one.keyword in ties]


@record(frozen=True)
class _Picture:
    """What tells how many ids there are."""

    settings: Sequence[Settings]
    blocks: Sequence[DrawnBlock]
    operands: Sequence[Sequence[Operand]]

    def units(self, argument: Argument) -> Size | Diagnostic:
        """How many ids the embedding of a letter knows, or why it knows none."""
        letter = argument.value
        assert isinstance(letter, Letter)
        drawn = [at for at, block in enumerate(self.blocks) if block.letter == letter.value]
        if not drawn:
            hint = "name the letter of an `embedding` row of this picture"
            return Diagnostic("SEQ318", f"`{letter}` is not drawn", letter.span, hint)
        if self.settings[drawn[0]].definition.family is not Family.LOOKUP:
            kind = self.settings[drawn[0]].kind
            message = f"`{letter}` is not an embedding, but `{kind}`"
            hint = "name the letter of an `embedding` row, or write `dense(units)`"
            place = (self.blocks[drawn[0]].span, f"`{letter}` is here")
            return Diagnostic("SEQ318", message, letter.span, hint, (place,))
        below = [source for index in drawn for source in self._below(index)]
        # What chooses may itself read what is tied; tokens tell their number.
        sizes = [size for source in below if (size := self._ids(source)) is not None]
        if not sizes:
            message = f"how many ids `{letter}` knows is not written: nothing below it is `tokens`"
            hint = "write the units instead: `dense(units)`"
            place = (self.blocks[drawn[0]].span, f"`{letter}` is here")
            return Diagnostic("SEQ318", message, letter.span, hint, (place,))
        return sizes[0]

    def _below(self, index: int) -> list[int]:
        return [access.block for operand in self.operands[index] for access in operand.read]

    def _ids(self, index: int) -> Size | None:
        """How many ids a block may give, as far as its picture says so."""
        definition = self.settings[index].definition
        if not definition.chooses:
            size = self.settings[index].arguments.get(_VOCABULARY)
            return size if isinstance(size, Size) else None
        # argmax over dense(50): 50 ids
        read = self._below(index)
        if len(set(read)) != 1:
            return None
        below = self.settings[read[0]]
        size = below.arguments.get(below.definition.output)
        return size if isinstance(size, Size) and not below.is_recurrent else None
