"""long line → lines: breaks generated statements as the usual formatters would."""

from __future__ import annotations

WIDTH = 88
_FOR = " for "
_OPEN, _CLOSE = "([{", ")]}"


def fit(text: str, indent: int) -> list[str]:
    """Lay ``text``, one logical line, out on lines of at most `WIDTH` columns.

    The widest call or list is spread over lines of its own, one for each argument, with a trailing
    comma: formatters leave that form as it is.
    """
    pad = " " * indent
    if indent + len(text) <= WIDTH:
        return [pad + text]
    brackets = [pair for pair in _pairs(text) if _can_spread(text, *pair)]
    if not brackets:
        return [pad + text]
    start, end = max(brackets, key=lambda pair: pair[1] - pair[0])
    content = text[start + 1 : end]
    # A generator is one argument, which takes no trailing comma.
    arguments = [content] if _FOR in content else [f"{part}," for part in _split(content)]
    inner = [fit(argument, indent + 4) for argument in arguments]
    tail = fit(text[end:], indent)
    return [pad + text[: start + 1], *(line for part in inner for line in part), *tail]


def _pairs(text: str) -> list[tuple[int, int]]:
    """The outermost brackets of ``text``; quoted text has none in generated code."""
    pairs = []
    depth = start = 0
    for index, char in enumerate(text):
        if char in _OPEN:
            start = index if depth == 0 else start
            depth += 1
        elif char in _CLOSE:
            depth -= 1
            if depth == 0:
                pairs.append((start, index))
    return pairs


def _can_spread(text: str, start: int, end: int) -> bool:
    inner = text[start + 1 : end]
    called = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_)]")
    if not inner or (text[start] == "[" and called):
        return False
    return called or len(_split(inner)) > 1 or text[start] == "["


def _split(text: str) -> list[str]:
    """The parts between the commas of ``text`` that are in no bracket."""
    parts = [""]
    depth = 0
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]
