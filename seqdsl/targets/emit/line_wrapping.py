"""long line → lines: breaks generated statements as the usual formatters would."""

from __future__ import annotations

WIDTH = 88
_FOR, _SET, _RETURN = " for ", " = ", "return "
_OPEN, _CLOSE = "([{", ")]}"


def fit(text: str, indent: int) -> list[str]:
    """Lay ``text``, one logical line, out on lines of at most `WIDTH` columns.

    The widest call or list (of a function, its parameters) is spread over lines of its own, one for
    each argument, with a trailing comma: formatters leave that form as it is.
    """
    pad = " " * indent
    if indent + len(text) <= WIDTH:
        return [pad + text]
    if text.startswith(_RETURN) and len(_split(text)) > 1:
        text = f"{_RETURN}({text.removeprefix(_RETURN)})"
    brackets = [pair for pair in _pairs(text) if _can_spread(text, *pair)]
    target, is_set, value = text.partition(_SET)
    first = brackets[0][0] + 1 if brackets else len(text)
    if is_set and WIDTH < indent + first <= WIDTH - 1 + len(target):
        # The name of what is called does not fit behind the variables, but by itself.
        return [f"{pad}{target} = (", *fit(value, indent + 4), f"{pad})"]
    if not brackets:
        return [pad + text]
    widest = max(brackets, key=lambda pair: pair[1] - pair[0])
    start, end = brackets[0] if text.startswith("def ") else widest
    content = text[start + 1 : end]
    # A generator is one argument, which takes no trailing comma.
    arguments = [content] if _FOR in content else [f"{part}," for part in _split(content)]
    inner = [fit(argument, indent + 4) for argument in arguments]
    tail = fit(text[end:], indent)
    head = text[: start + 1]
    before = [pad + head] if start == brackets[0][0] else fit(head, indent)
    return [*before, *(line for part in inner for line in part), *tail]


def _pairs(text: str) -> list[tuple[int, int]]:
    """The outermost brackets of ``text``, which may begin with the end of another one's.

    Quoted text has none in generated code.
    """
    pairs = []
    depth = start = 0
    for index, char in enumerate(text):
        if char in _OPEN:
            start = index if depth == 0 else start
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                pairs.append((start, index))
    return pairs


def _can_spread(text: str, start: int, end: int) -> bool:
    inner = text[start + 1 : end]
    called = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_)]")
    if text[start] == "[" and called:
        return text.endswith("tuple", 0, start)
    if not inner:
        return False
    return called or len(_split(inner)) > 1 or text[start] == "["


def _split(text: str) -> list[str]:
    """The parts between the commas of ``text`` that are in no bracket."""
    parts, first = [], 0
    depth = 0
    for index, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == "," and depth == 0:
            parts.append(text[first:index])
            first = index + 1
    parts.append(text[first:])
    return [part.strip() for part in parts if part.strip()]
