"""compiled picture → warnings: right shape, wrong model; what compiles and is almost never meant.

Each lint is one pure function of the meaning and the drawing, and has one code of `seqdsl.text.codes.lints`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lints.channels import channels_first
from seqdsl.lints.constant import constant_steps, single_dense_steps
from seqdsl.lints.delays import same_value_twice, skipped_steps
from seqdsl.lints.feedback import fed_probabilities, unfed_targets
from seqdsl.lints.padding import masks_without_steps, padded_places
from seqdsl.lints.reach import unreached
from seqdsl.lints.recurrence import (
    bidirectional_last_steps,
    column_of_dense,
    constant_outputs,
    one_step_chains,
    one_value_as_two_states,
)
from seqdsl.lints.sizes import classified_places, idle_softmax, linear_stacks, units_as_steps
from seqdsl.lints.towers import one_run_over_groups
from seqdsl.lints.turns import letters_in_turn
from seqdsl.lints.values import single_values

if TYPE_CHECKING:
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.text.diagnostics import Diagnostic

LINTS = (
    constant_outputs,
    bidirectional_last_steps,
    one_step_chains,
    column_of_dense,
    idle_softmax,
    unreached,
    linear_stacks,
    units_as_steps,
    one_value_as_two_states,
    constant_steps,
    single_dense_steps,
    letters_in_turn,
    single_values,
    one_run_over_groups,
    masks_without_steps,
    padded_places,
    classified_places,
    fed_probabilities,
    unfed_targets,
    same_value_twice,
    skipped_steps,
    channels_first,
)


def lint(spec: ModelSpec, drawing: Drawing) -> list[Diagnostic]:
    """Everything in a compiled picture that has the right shapes and is probably not meant."""
    return [item for check in LINTS for item in check(spec, drawing)]
