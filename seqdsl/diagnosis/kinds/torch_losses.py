"""what PyTorch says of outputs and targets that do not fit each other."""

from __future__ import annotations

from seqdsl.diagnosis.kind import TORCH, Kind
from seqdsl.diagnosis.kinds import pictures

TORCH_LOSSES = (
    Kind(
        # CrossEntropyLoss()(ones(2, 3, 5), ids of (2, 3))
        "torch-classes-axis",
        TORCH,
        "classes in the last axis of a cross entropy over steps",
        "Expected target size [2, 5], got [2, 3]",
        r"Expected target size \[(?P<batch>\d+), (?P<out>\d+)\], got \[(?P=batch), (?P<steps>\d+)\]",
        "`CrossEntropyLoss` reads the classes in axis 1, and the output has the steps there: (batch, steps, "
        "classes). The picture is right, one vector of $out classes above each of $steps steps.",
        "`loss(output.transpose(1, 2), target)`, or `loss(output.flatten(0, 1), target.flatten())`.",
        pictures.ALL,
    ),
    Kind(
        # CrossEntropyLoss()(ones(6, 5), ids of (2,))
        "torch-target-batch",
        TORCH,
        "one target a sample, and an output at every step",
        "Expected input batch_size (6) to match target batch_size (2).",
        r"Expected input batch_size \((?P<given>\d+)\) to match target batch_size \((?P<batch>\d+)\)",
        "The loss counts $given outputs and $batch targets: steps were joined to the batch, or every step has "
        "an output where each sample has one label. For many-to-one, one wire leaves the last step of the "
        "recurrent row.",
        "`y[:, -1]` or `h[-1]` before the last layer; for labels at every step, `target.flatten()` as well.",
        pictures.LAST,
        pictures.ALL,
    ),
    Kind(
        # CrossEntropyLoss()(ones(2, 5), ids of (2, 1))
        "torch-target-axis",
        TORCH,
        "class ids with one axis too many",
        "0D or 1D target tensor expected, multi-target not supported",
        r"0D or 1D target tensor expected, multi-target not supported|1D target tensor expected, multi-target "
        r"not supported",
        "The output is one vector of classes a sample, and the target has one axis too many for one id each: "
        "(batch, 1), or a label at every step. One label needs no axis; a label at every step needs an output "
        "above each step.",
        "`target.squeeze(-1)` for one label; `y` in place of `y[:, -1]` for labels at every step.",
        pictures.ALL,
        pictures.LAST,
    ),
    Kind(
        # CrossEntropyLoss()(ones(2, 5), ones(2))
        "torch-target-type",
        TORCH,
        "class ids that are floating-point numbers",
        "expected target dtype to be Long or Byte, but got Float",
        r"expected target dtype to be Long or Byte, but got (?P<given>\w{1,20})|expected scalar type Long but "
        r"found (?P<type>Float|Double)|\"nll_loss\w{0,60}\" not implemented for "
        r"'(?P<other>Int|Short|Float|Double)'",
        "A cross entropy with ids reads one whole number for each output, and the target has floating-point "
        "numbers. The picture is right if the target is classes; for measured values the last row is linear and "
        "the loss a squared error.",
        "`target.long()` for classes, `nn.MSELoss()` for values.",
        pictures.LAST,
    ),
    Kind(
        # mse_loss(ones(2, 1), ones(2))
        "torch-target-size",
        TORCH,
        "an output and a target that are broadcast",
        "Using a target size (torch.Size([2])) that is different to the input size (torch.Size([2, 1])).",
        r"Using a target size \(torch\.Size\(\[(?P<target>[\d, ]{0,30})\]\)\) that is different to the input "
        r"size \(torch\.Size\(\[(?P<output>[\d, ]{0,30})\]\)\)",
        "The output is ($output) and the target ($target), samples first: values are compared with those of "
        "other samples. The output row of the picture, with the samples before it, is the shape of the target.",
        "`target.unsqueeze(-1)`, or `output.squeeze(-1)`; a target at every step needs an output above each "
        "step.",
        pictures.LAST,
        sizes={"out": 1},
    ),
)
