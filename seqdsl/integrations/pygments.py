"""``seq`` text → tokens of Pygments: colors in Sphinx, MkDocs, and wherever else it is used.

What a letter is, no pattern of characters can tell: nodes have one color, delayed nodes another. Any text is taken,
as a page may show what is wrong.
"""

from __future__ import annotations

from pygments.lexer import RegexLexer, bygroups, default, include
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    Text,
    Whitespace,
)

# As people paste drawings: see `seqdsl.syntax.lines.BOX_CHARACTERS`.
_WIRES = r"[|^/\\+*<>=\-│─┼┌┐└┘├┤┬┴╱╲→←↑]"
_NODES = r"[A-Zo○●◯]"


class SeqLexer(RegexLexer):  # type: ignore[misc] # Pygments ships no types.
    """Pictures of sequence models, with their definitions, parameters and cells."""

    name = "seqdsl"
    aliases = ("seq", "seqdsl")
    filenames = ("*.seq",)
    mimetypes = ("text/x-seq",)
    url = "https://github.com/seqdsl/seqdsl"

    tokens = {  # noqa: RUF012 - as Pygments has it
        "root": [
            (r"\n", Whitespace),
            # A word at the beginning of a line says what the line is: a picture begins with none.
            (
                r"([ \t]*)(model|cell)([ \t]+)([A-Za-z][\w-]*)",
                bygroups(Whitespace, Keyword, Whitespace, Name.Class),
                "words",
            ),
            (
                r"([ \t]*)([A-Z])([ \t]*)(=)(?=[ \t]*[a-z])(?![ \t]*o[ \t]*[=<>\-])",
                bygroups(Whitespace, Name.Class, Whitespace, Operator),
                "words",
            ),
            (
                r"([ \t]*)((?:[a-z]\w*[ \t]*,[ \t]*)*[a-z]\w*)([ \t]*)(=)(?![ \t]*[A-Z=])",
                bygroups(Whitespace, Name.Variable, Whitespace, Operator),
                "words",
            ),
            default("row"),
        ],
        "row": [
            include("line"),
            (r"(\.\.)([a-z]\w*)(\.\.)", bygroups(Punctuation, Name.Variable, Punctuation)),
            (r"\.{2,3}|…", Punctuation),
            # A layer behind the row: `lstm(16)`, `dense`.
            (r"[a-zA-Z_]\w+|[a-z](?=\()", Name.Function, ("#pop", "words")),
            (_NODES, Name.Class),
            (r"[a-z]", Name.Variable),
            (_WIRES, Operator),
            (r".", Text),
        ],
        "words": [
            include("line"),
            (r"([a-z]\w*)([ \t]*)(=)", bygroups(Name.Attribute, Whitespace, Operator)),
            (r"([a-z]\w*)(?=[ \t]*\()", Name.Function),
            (r"(true|false)\b", Keyword.Constant),
            (r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", Number),
            (r"[A-Za-z_]\w*", Name),
            (r"[-+*/=]", Operator),
            (r"[(),:]", Punctuation),
            (r".", Text),
        ],
        "line": [
            (r"\n", Whitespace, "#pop"),
            (r"[ \t\u00a0]+", Whitespace),
            (r"#.*", Comment.Single),
        ],
    }
