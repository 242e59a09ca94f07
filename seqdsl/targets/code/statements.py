"""statements → lines of at most `WIDTH` columns, broken as the usual formatters would."""

from __future__ import annotations

from seqdsl.targets.code.expressions import (
    Call,
    Code,
    Entry,
    Generator,
    Items,
    Keyword,
    Prefix,
    Text,
    flat,
)
from seqdsl.targets.code.forms import Assign, Comment, Declare, Define, For, Run, Statement
from seqdsl.targets.code.pieces import (
    Group,
    Operand,
    Piece,
    Subscript,
    listed_pieces,
    pieces_of,
)

WIDTH = 88


def lines(statement: Statement, indent: int) -> list[str]:
    """The lines of a statement that begins at column ``indent``."""
    if isinstance(statement, Assign):
        return _assigned(statement, indent)
    if isinstance(statement, Comment):
        return [f"{' ' * indent}# {statement.text}"]
    if isinstance(statement, Declare):
        return [f"{' ' * indent}{statement.name}: {statement.kind}"]
    if isinstance(statement, Define):
        return _head(statement, indent)
    if isinstance(statement, For):
        head = _between(f"for {statement.target} in ", statement.iterable, ":", indent)
        return [*head, *(line for item in statement.body for line in lines(item, indent + 4))]
    if isinstance(statement, Run):
        return _between("", statement.value, "", indent)
    if len(statement.values) == 1:
        return _between("return ", statement.values[0], "", indent)
    listed = f"return {', '.join(map(flat, statement.values))}"
    if indent + len(listed) <= WIDTH:
        return [" " * indent + listed]
    return _wrapped(["return ", Group("(", statement.values, ")")], indent)


def item_lines(item: Code, indent: int) -> list[str]:
    """The lines of an item of a spread bracket, with the comma behind it."""
    return _between("", item, ",", indent)


def _between(before: str, value: Code, behind: str, indent: int) -> list[str]:
    """A line with code between texts; taken to pieces only if it is too long, as hardly any is."""
    short = f"{before}{flat(value)}{behind}"
    if indent + len(short) <= WIDTH:
        return [" " * indent + short]
    return _wrapped([before, *pieces_of(value), behind], indent)


def _head(define: Define, indent: int) -> list[str]:
    """The parameters of a function are spread first, however wide what it returns is."""
    # def predict(                    not     def predict(self, x: Array, z: Array) -> tuple[
    #     self,                                   Array,
    #     x: Array,                               Array,
    #     z: Array,                           ]:
    # ) -> tuple[Array, Array]:
    pad, head = " " * indent, f"def {define.name}("
    given = ", ".join([flat(item) for item in define.parameters])
    whole = f"{pad}{head}{given}) -> {flat(define.result)}:"
    if len(whole) <= WIDTH or not define.parameters:
        return [whole]
    result: list[Piece] = [") -> ", *pieces_of(define.result), ":"]
    spread = [line for item in define.parameters for line in item_lines(item, indent + 4)]
    return [pad + head, *spread, *_wrapped(result, indent)]


def _assigned(statement: Assign, indent: int) -> list[str]:
    if statement.kind:
        return _declared(statement, indent)
    names = ", ".join([flat(item) for item in statement.targets])
    short = f"{names} = {flat(statement.value)}"
    if indent + len(short) <= WIDTH:
        return [" " * indent + short]
    target, value = listed_pieces(statement.targets), pieces_of(statement.value)
    # y, block_r_state, block_s_state, block_t_state = (     a line of names alone may be too long: a line for each
    if len(statement.targets) > 1 and indent + len(f"{names} = (") > WIDTH:
        spread = [line for item in statement.targets for line in item_lines(item, indent + 4)]
        return [" " * indent + "(", *spread, *_wrapped([") = ", *value], indent)]
    whole: list[Piece] = [*target, " = ", *value]
    if any(isinstance(piece, Group) for piece in target):
        return _wrapped(whole, indent)
    first = next((place for place, piece in enumerate(value) if isinstance(piece, Group)), None)
    if first is None:
        first = _only_subscript(value)
    head = "".join(map(str, value if first is None else value[:first]))
    room = WIDTH - indent
    # The name of what is called does not fit behind the variables, but by itself:
    #
    #     a_long_name, another_long_name = (
    #         self.a_long_function(x)
    #     )
    end = len(f"{names} = {head}") + (first is not None)
    if room < end <= room - 1 + len(names):
        pad = " " * indent
        return [f"{pad}{names} = (", *_wrapped(value, indent + 4), f"{pad})"]
    return _wrapped(whole, indent)


def _declared(statement: Assign, indent: int) -> list[str]:
    """A variable and its type; of a long one the value is in brackets, where it has none that could be spread."""
    head, value = f"{flat(statement.targets[0])}: {statement.kind} = ", statement.value
    room, pad = WIDTH - indent, " " * indent
    if isinstance(value, Text) and len(head) < room < len(head + value.text):
        return [f"{pad}{head}(", *_between("", value, "", indent + 4), f"{pad})"]
    return _between(head, value, "", indent)


def _wrapped(pieces: list[Piece], indent: int) -> list[str]:
    """One logical line, its widest brackets spread over lines of their own if it is too long.

    Each item of a spread bracket has a line, and a comma behind it: formatters leave that form as it is.
    """
    text = "".join(map(str, pieces))
    if indent + len(text) <= WIDTH:
        return [" " * indent + text]
    # joined = layers.Concatenate(      the widest bracket is spread, an item to a line;
    #     axis=-1,                      an item that is too long itself is spread in turn,
    #     name="joined",
    # )([first, second])                and so is what goes on behind the closing bracket
    groups = [place for place, piece in enumerate(pieces) if isinstance(piece, Group)]
    if not groups:
        return _wrapped_operands(pieces, indent)
    place = max(groups, key=lambda place: len(str(pieces[place])))
    group = pieces[place]
    assert isinstance(group, Group)
    head: list[Piece] = [*pieces[:place], group.opening]
    closing: list[Piece] = [group.closing.lstrip(","), *pieces[place + 1 :]]
    # What is in front of the first bracket is text, however long it is.
    start = [_line(head, indent)] if place == groups[0] else _wrapped(head, indent)
    inner = [line for item in _spread(group) for line in _wrapped(item, indent + 4)]
    return [*start, *inner, *_wrapped(closing, indent)]


def _line(pieces: list[Piece], indent: int) -> str:
    return " " * indent + "".join(map(str, pieces))


def _wrapped_operands(pieces: list[Piece], indent: int) -> list[str]:
    """A line without brackets that can be spread but those in brackets around operands.

    Of ``.unsqueeze(1)`` and the like nothing would become shorter.
    """
    opened = [part for piece in pieces for part in _opened(piece)]
    groups = [piece for piece in opened if isinstance(piece, Group)]
    widest = max(groups, key=lambda group: len(str(group)), default=None)
    if widest is None or len(widest.items) == 1:
        return _wrapped_subscript(pieces, indent)
    return _wrapped(opened, indent)


def _wrapped_subscript(pieces: list[Piece], indent: int) -> list[str]:
    """A line in which nothing but an index can be spread: it has one line, whatever is in it."""
    # name=hidden_units_of_the_decoder_row[
    #     :, -3:
    # ],
    place = _only_subscript(pieces)
    if place is None:
        return [_line(pieces, indent)]
    found = pieces[place]
    assert isinstance(found, Subscript)
    return [
        _line([*pieces[:place], "["], indent),
        _line([found.index], indent + 4),
        _line(["]", *pieces[place + 1 :]], indent),
    ]


def _only_subscript(pieces: list[Piece]) -> int | None:
    """The place of the index, where nothing else in the pieces has brackets: of several it is left as it is."""
    places = [place for place, piece in enumerate(pieces) if not isinstance(piece, str)]
    alone = len(places) == 1 and isinstance(pieces[places[0]], Subscript)
    return places[0] if alone else None


def _opened(piece: Piece) -> list[Piece]:
    return piece.parts if isinstance(piece, Operand) else [piece]


def _spread(group: Group) -> list[list[Piece]]:
    """The lines of a spread bracket: an item each, with a comma behind it.

    Behind a generator no comma may be, so what has one in it stays on a line.
    """
    # `tuple(x for x in y,)` is a syntax error: "Generator expression must be parenthesized".
    if not any(map(_has_generator, group.items)):
        return [[*pieces_of(item), ","] for item in group.items]
    return [listed_pieces(group.items)]


def _has_generator(value: Code) -> bool:
    """Whether a bracket in some code has a generator in it."""
    if isinstance(value, Generator):
        return True
    if isinstance(value, Call | Items):
        return any(map(_has_generator, value.arguments if isinstance(value, Call) else value.items))
    if isinstance(value, Keyword | Entry):
        return _has_generator(value.value)
    return isinstance(value, Prefix) and _has_generator(value.of)
