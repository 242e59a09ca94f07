"""``--to``: the name of a target, of our own or registered by another package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.targets import TARGETS, find, registered

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Base = click.ParamType[str]
else:
    # Older versions of click do not say of what type a parameter is.
    Base = click.ParamType


class TargetName(Base):
    """The name of a target; help lists our own."""

    name = "target"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What help shows, as for a choice."""
        return f"[{'|'.join(TARGETS)}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if there is such a target."""
        try:
            # Entry points are read for names that are not our own: a `click.Choice` of all would always read them.
            return find(value).name
        except ValueError as problem:
            self.fail(str(problem), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """All names, those of other packages as well."""
        from click.shell_completion import CompletionItem

        names = (*TARGETS, *registered())
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


TARGET_NAME = TargetName()
