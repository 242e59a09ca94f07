"""free run of several fed inputs → what its template writes: prompts and results are dictionaries by input name."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from seqdsl.targets.code.statements import WIDTH
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.generated import Generation

if TYPE_CHECKING:
    from seqdsl.targets.emit.feeding import Feeding

_DOCUMENTED = 88
"""How long a line of a docstring may be, behind its indent."""

OWN = ("name", "axes", "first", "made", "before", "over", "ended", "given")
"""What ``generate`` calls its other variables where it has dictionaries."""


@dataclass(frozen=True, slots=True)
class Several(Generation):
    """What a template writes of a free run with several inputs that are fed."""

    @classmethod
    def of(cls, run: Generation) -> Several:
        """The same run."""
        return cls(**{name: getattr(run, name) for name in Generation.__dataclass_fields__})

    @property
    def ids(self) -> str:
        """The inputs that are fed with ids, as a tuple; empty: there are none."""
        names = [f'"{item.key}"' for item in self.fed if item.is_id]
        return f"({', '.join(names)}{',' * (len(names) == 1)})" if names else ""

    @property
    def ids_text(self) -> str:
        """The same in a message."""
        return " and ".join(item.key for item in self.fed if item.is_id)

    @property
    def codes(self) -> list[Feeding]:
        """Those that are fed with one-hot codes."""
        return [item for item in self.fed if item.how is Fed.ONE_HOT]

    @property
    def keys(self) -> str:
        """All of them, as a set."""
        return f"{{{', '.join(f'{chr(34)}{item.key}{chr(34)}' for item in self.fed)}}}"

    @property
    def key_text(self) -> str:
        """All of them, in a message."""
        *first, last = (item.key for item in self.fed)
        return f"{', '.join(first)} and {last}"

    @property
    def key_message(self) -> str:
        """What is said where ``start`` has other prompts, as an expression."""
        return f"""f"start should have {self.key_text}, it has {{', '.join(start)}}\""""

    @property
    def stop_message(self) -> str:
        """What is said where ``stop`` has others than ids."""
        return f'f"stop may have {self.ids_text}, it has {{name}}"'

    def raised(self, message: str, indent: int, before: int = 0) -> str:
        """The lines that raise a message, as formatters break them where so many blanks are still put before them."""
        whole = f"{' ' * indent}raise ValueError({message})"
        if before + len(whole) <= WIDTH:
            return whole
        inner, outer = " " * (indent + 4), " " * indent
        return f"{outer}raise ValueError(\n{inner}{message}\n{outer})"

    @property
    def axes(self) -> str:
        """All of them, each with the axes that its prompt has."""
        return ", ".join(f'("{item.key}", {item.axes})' for item in self.fed)

    @property
    def all_there(self) -> str:
        """Whether all are given: at first there may be no prompt."""
        return " and ".join(f"{item.name} is not None" for item in self.fed)

    def several_arguments(self, draws: str, indent: int = 8) -> str:
        """The lines that say what ``start`` and the arguments behind it are, and what is returned."""
        left_out = ", optional" if self.is_start_optional else ""
        ids = {"ids, (batch, steps)"} if self.ids else set()
        values = dict.fromkeys(item.held for item in self.fed if not item.is_id)
        given = " or ".join([*ids, *(f"values, (batch, steps, {held})" for held in values)])
        arguments = [
            *_wrapped(f"start: prompts by input name{left_out}: {given};", "    "),
            "    of one step without that axis.",
            "steps: how many steps to generate.",
        ]
        if self.ids:
            arguments += [
                "temperature: 0 takes the most probable id, above it ids are drawn.",
                "stop: ids by input name. A sample ends with the first step that has one of",
                "    them, and is filled with that step.",
                f"{draws}.",
            ]
        pad = " " * indent
        lines = [f"{pad}    {line}" for line in arguments]
        result = _wrapped(f"By input name: {given}, without the prompts.", "")
        lines += ["", f"{pad}Returns:", *(f"{pad}    {line}" for line in result)]
        return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    """A sentence of a docstring in lines that are short enough."""
    return wrap(text, _DOCUMENTED, subsequent_indent=indent, break_long_words=False)
