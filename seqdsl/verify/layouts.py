"""ports → adapter: which arguments and results of a model hold images, whose channels frameworks have elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqdsl.runtime.adapter import Framework
    from seqdsl.verify.jobs import AlternateBuild, Job


def lay_out(model: Any, ends: Job | AlternateBuild, framework: Framework) -> None:
    """Tell a framework's adapter which arguments and results of a model hold images."""
    both = ([port.holds_images for port in side] for side in (ends.inputs, ends.outputs))
    framework.lay_out(model, *both)
