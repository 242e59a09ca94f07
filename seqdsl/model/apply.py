"""settings and slots → applications: each block as one application of one layer, its widths checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.model.application import Application, note_uses
from seqdsl.model.compose import NOTHING, Composer, Unmeasured
from seqdsl.model.kinds import KINDS, windowed
from seqdsl.model.layers import RECURRENT, SOURCES, has_usual_activations
from seqdsl.model.masks import Unmaskable, find_masks, memory_mask, pool_mask, starts_mask
from seqdsl.model.reads import ZERO
from seqdsl.model.roles import ANONYMOUS
from seqdsl.model.size import Size
from seqdsl.model.views import JoinFeatures, View
from seqdsl.model.windows import Window, find_window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.model.drawing import Drawing


class Applier:
    """Applies the layers block by block, each after those that it reads."""

    def __init__(self, drawing: Drawing) -> None:
        """Prepare for the blocks of ``drawing``."""
        self.drawing = drawing
        self.width: dict[int, Size] = {}
        self.applications: dict[int, Application] = {}
        self.diagnostics: list[Diagnostic] = []
        steps = [drawing.steps(index) for index in range(len(drawing.blocks))]
        self.composer = Composer(steps, self.width, self._is_end, drawing.lengths.free)
        self.steps = steps
        self._windows = self._find_windows()

    def run(self) -> dict[int, Application]:
        """Apply all layers; blocks whose layer does not fit are missing from the result."""
        for index in self.drawing.order:
            try:
                application = self._apply(index)
            except Unmeasured as length:
                self._unmeasured(index, length)
                break
            if application is None:
                break
            if application.kind == "tokens":
                self.composer.unmeasured.add(index)
            if not self._mask(index, application):
                break
            self.applications[index] = application
            self.width[index] = application.units
        if not self.diagnostics:
            note_uses(self.applications)
        return self.applications

    def _unmeasured(self, index: int, length: Unmeasured) -> None:
        self.error(
            "SEQ311",
            f"nothing tells the length of `{self.drawing.blocks[index].letter}` at run time ({length})",
            index,
            "name the ellipsis and set its length (`..n..` and `n = 100`), or wire a sequence of that length to it",
        )

    def _mask(self, index: int, application: Application) -> bool:
        """Tell which steps of a block may be padding."""
        masked = self.composer.masked
        if starts_mask(application.kind, application.arguments) and self.steps[index] is not None:
            application.options["masked"] = True
        try:
            application.masks = find_masks(application, masked)
            application.memory_masks = memory_mask(application, masked) + pool_mask(
                application, masked
            )
        except Unmaskable:
            self.error(
                "SEQ313",
                f"`{self.drawing.blocks[index].letter}` sees steps after a masked sequence's padding",
                index,
                "let it read the masked sequence whole, or its first or last steps, with nothing after them",
            )
            return False
        if application.masks or application.options.get("masked"):
            masked.add(index)
        usual = has_usual_activations(application.kind, application.arguments)
        if application.masks and application.kind in RECURRENT and not usual:
            self.error(
                "SEQ313",
                f"`{self.drawing.blocks[index].letter}` has activations of its own and sees a masked sequence",
                index,
                "use the usual activations here, or leave out the mask",
            )
            return False
        return True

    def direction(self, index: int) -> str:
        """Which way a recurrent block runs: ``">"``, ``"<"`` or ``"="``."""
        return self.drawing.states.directions[index] or ">"

    def _is_end(self, index: int, step: Size) -> bool:
        if self.drawing.settings[index].kind not in RECURRENT:
            return False
        steps = self.steps[index]
        if steps is None:
            return True
        end = {">": steps - 1, "<": NOTHING}.get(self.direction(index))
        return end is not None and step == end

    def _find_windows(self) -> dict[int, Window]:
        """The dense blocks that are convolutions; all blocks of a letter are, or none."""
        found: dict[int, Window] = {}
        for index, settings in enumerate(self.drawing.settings):
            if settings.kind == "dense":
                window = find_window(self.drawing.slots[index], self.steps[index], self.steps)
                if window is not None:
                    found[index] = window
        return {index: window for index, window in found.items() if self._alike(index, found)}

    def _alike(self, index: int, windows: Mapping[int, Window]) -> bool:
        same = [
            other for other in range(len(self.drawing.blocks)) if self.key(other) == self.key(index)
        ]
        shapes = {
            (w.kernel, w.stride, w.dilation) if (w := windows.get(other)) else None
            for other in same
        }
        return len(shapes) == 1

    def key(self, index: int) -> str | int:
        """What shares weights with a block: its letter, or nothing but itself."""
        letter = self.drawing.blocks[index].letter
        return index if letter == ANONYMOUS else letter

    def _apply(self, index: int) -> Application | None:
        settings = self.drawing.settings[index]
        kind = settings.kind
        if kind in SOURCES:
            units = settings.arguments.get("features", NOTHING)
            assert isinstance(units, Size)
            return Application(
                self.key(index), kind, NOTHING, units, (), {}, dict(settings.arguments)
            )
        if not self._slots_agree(index):
            return None
        if kind != "embedding" and self._reads_tokens(index):
            return None
        if index in self._windows:
            return windowed(self, index, settings, self._windows[index])
        return KINDS[kind](self, index, settings)

    def known(self, size: Size) -> int | str:
        """A size as a number if the parameters tell it."""
        return self.drawing.known(size)

    def error(
        self, code: str, message: str, index: int, hint: str, *others: tuple[int, str]
    ) -> None:
        """Report what is wrong with a block; ``others`` are shown beside it."""
        blocks = self.drawing.blocks
        related = tuple((blocks[other].span, caption) for other, caption in others)
        self.diagnostics.append(Diagnostic(code, message, blocks[index].span, hint, related))

    def _slots_agree(self, index: int) -> bool:
        """Whether all steps of each slot are equally wide."""
        for slot in self.drawing.slots[index]:
            read = dict.fromkeys(piece.block for piece in slot.pieces if piece.block != ZERO)
            widths = {self.known(self.width[block]): block for block in read}
            if slot.bus is None and len(widths) > 1:
                (one, first), (other, second) = list(widths.items())[:2]
                letter = self.drawing.blocks[index].letter
                self.error(
                    "SEQ305",
                    f"some steps of `{letter}` see {one} features, others {other}",
                    index,
                    "one layer sees equally many at every step: give both rows below the same width",
                    (first, f"{one} features"),
                    (second, f"{other} features"),
                )
                return False
        return True

    def views(self, index: int) -> list[View]:
        """What each slot of a block gives."""
        return [self.composer.view(slot, self.steps[index]) for slot in self.drawing.slots[index]]

    def joined(self, index: int) -> View:
        """Everything that a block's nodes see, side by side."""
        views = self.views(index)
        return views[0] if len(views) == 1 else JoinFeatures(tuple(views))

    def _reads_tokens(self, index: int) -> bool:
        for below in self.below(index):
            if self.drawing.settings[below].kind == "tokens":
                kind = self.drawing.settings[index].kind
                self.error(
                    "SEQ309",
                    f"`{kind}` sees token ids, which are no numbers to compute with",
                    index,
                    "put a row `embedding(64)` between them",
                    (below, "the tokens"),
                )
                return True
        return False

    def below(self, index: int) -> list[int]:
        """The blocks that a block reads."""
        found = {
            piece.block
            for slot in self.drawing.slots[index]
            for piece in (*slot.pieces, *(slot.bus or ()))
        }
        return sorted(found - {ZERO})

    def is_fixed(self, width: Size, index: int) -> bool:
        """Whether a width depends on no free length."""
        free = width.names - self.drawing.values.keys()
        if free:
            self.error(
                "SEQ311",
                "all steps of a sequence of free length side by side: the width would be free",
                index,
                "fix the length (`..n..` and `n = 100`), or combine the steps by `mean` or `max`",
            )
        return not free
