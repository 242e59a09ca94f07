"""what is typed, and the start of it → arguments, and what a shell may complete it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Base = click.ParamType[str]
else:
    # Older versions of click do not say of what type a parameter is.
    Base = click.ParamType


class File(Base):
    """A path, or ``-``; the shell completes it. What cannot be read is reported with the other findings, not here."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The shell's own completion of paths."""
        return [_item(incomplete, type="file")]


class Codes(Base):
    """One or more codes of findings, separated by commas."""

    name = "codes"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The codes that begin like the last one; those before it are kept, as the shell replaces the whole word."""
        before, comma, start = incomplete.rpartition(",")
        return [_item(f"{before}{comma}{code}", help=title) for code, title in _codes(start)]


class CodeOrFile(File):
    """What `seqdsl explain` takes: a code, or a file."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The codes that begin so, and the shell's own completion of paths."""
        codes = [_item(code, help=title) for code, title in _codes(incomplete)]
        return codes if codes and incomplete else super().shell_complete(ctx, param, incomplete)


class CatalogueName(Base):
    """The name of a picture of the catalogue."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin so."""
        from seqdsl.catalogue.entries import CATALOGUE

        return [
            _item(entry.name, help=entry.when)
            for entry in CATALOGUE
            if entry.name.startswith(incomplete)
        ]


def _item(value: str, **attributes: str) -> CompletionItem:
    # Imported when a shell asks: nothing else needs it.
    from click.shell_completion import CompletionItem

    return CompletionItem(value, **attributes)


def _codes(start: str) -> list[tuple[str, str]]:
    from seqdsl.text.codes import CODES

    return [(code, item.title) for code, item in CODES.items() if code.startswith(start.upper())]


file_argument = click.argument("path", metavar="FILE|-", type=File())
