"""what PyTorch says of ids, of tensors that are joined, and of tensors that are reshaped."""

from __future__ import annotations

from seqdsl.diagnosis.kind import TORCH, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

TORCH_DATA = (
    Kind(
        # Embedding(10, 4)(ones(2, 3))
        "torch-ids-are-floats",
        TORCH,
        "an embedding of numbers that are not ids",
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
        "torch.FloatTensor instead (while checking arguments for embedding)",
        r"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but "
        r"got (?P<type>[\w.]{1,40}) instead",
        "An embedding looks up rows by whole numbers, the ids of tokens, and reads floating-point numbers. "
        "Measured values are features and need no embedding; convert ids to whole numbers.",
        "`x.long()` for ids; `nn.Linear` in place of the embedding for values.",
        pictures.LAST_OF_IDS,
        pictures.LAST,
    ),
    Kind(
        # Embedding(10, 4)([10])
        "torch-id-too-large",
        TORCH,
        "a token id outside the vocabulary",
        "index out of range in self",
        r"index out of range in self",
        "The data has an id that is as large as the vocabulary of the embedding, or larger, or less than 0. The "
        "vocabulary of the input row is the largest id plus one, because id 0, usually the padding, has a "
        "row, too.",
        "`nn.Embedding(int(ids.max()) + 1, ...)`, with the largest id of all data.",
        pictures.LAST_OF_IDS,
        pictures.LAST_OF_IDS,
        sizes={"vocabulary": 1001, "wrong_vocabulary": 1000},
    ),
    Kind(
        # cat([ones(2, 3, 4), ones(2, 5)], -1)
        "torch-join-ranks",
        TORCH,
        "a vector joined to a sequence",
        "Tensors must have same number of dimensions: got 3 and 2",
        r"Tensors must have same number of dimensions: got \d and \d",
        "A sequence has steps and a vector has none, so they cannot be joined feature by feature. The vector "
        "goes to every step by a bus, or it is joined to the last step of the sequence.",
        "`z.unsqueeze(1).expand(-1, x.size(1), -1)`, then `torch.cat([x, z], -1)`.",
        pictures.VECTOR_AT_EACH_STEP,
        pictures.VECTOR_AT_FIRST_STEP,
    ),
    Kind(
        # cat([ones(2, 3, 4), ones(2, 2, 5)], -1)
        "torch-join-sizes",
        TORCH,
        "two sequences of different lengths joined step by step",
        "Sizes of tensors must match except in dimension 2. Expected size 3 but got size 2 for tensor number 1 "
        "in the list.",
        r"Sizes of tensors must match except in dimension (?P<axis>\d)\. (?:Expected size (?P<steps>\d+) but "
        r"got size (?P<out_steps>\d+) for tensor number \d+ in the list|Got \d+ and \d+ in dimension \d)",
        "Tensors are joined along one axis and have to agree in all others: here one has $steps and another "
        "$out_steps. Features of two sequences can be joined where both have the same steps; else each is read "
        "by a row of its own.",
        "Two recurrent layers, then `torch.cat([h1[-1], h2[-1]], -1)`; `dim=1` if one sequence goes on where "
        "the other ends.",
        pictures.TWO_SERIES,
        pictures.SERIES_SIDE_BY_SIDE,
    ),
    Kind(
        # a DataLoader over samples of (3, 4) and (2, 4)
        "torch-ragged-batch",
        TORCH,
        "sequences of different lengths in one batch",
        "stack expects each tensor to be equal size, but got [3, 4] at entry 0 and [2, 4] at entry 1",
        r"stack expects each tensor to be equal size, but got \[(?P<longer>[\d, ]{1,30})\] at entry \d+ and "
        r"\[(?P<shorter>[\d, ]{1,30})\] at entry \d+",
        "A batch has the same number of steps for every sample, and these samples have different lengths. Pad them "
        "to one length; and how many steps of each are valid is an input of the model.",
        "`pad_sequence(samples, batch_first=True)` in `collate_fn`, and the lengths beside it.",
        pictures.LAST_OF_LENGTHS,
        pictures.LAST,
        sizes={"steps": None},
    ),
    Kind(
        # x.transpose(1, 2).view(2, -1)
        "torch-view-order",
        TORCH,
        "a view of a transposed tensor",
        "view size is not compatible with input tensor's size and stride (at least one dimension spans across "
        "two contiguous subspaces). Use .reshape(...) instead.",
        r"view size is not compatible with input tensor's size and stride",
        "The picture is right: a tensor was transposed and its axes are joined, which needs a copy. Join only "
        "axes that belong together: steps with features for a `flatten`, never the batch with the steps of "
        "a recurrent row.",
        "`x.reshape(...)`, or `x.flatten(1)`, in place of `x.view(...)`.",
        pictures.FLATTENED,
    ),
    Kind(
        # ones(2, 7).view(2, 3, 2)
        "torch-view-size",
        TORCH,
        "a vector that does not divide into these steps",
        "shape '[2, 3, 2]' is invalid for input of size 14",
        r"shape '\[(?:-?\d+, )(?P<out_steps>\d+), (?P<out>\d+)\]' is invalid for input of size (?P<size>\d+)"
        r"|shape '\[[\d, -]{1,40}\]' is invalid for input of size \d+",
        "The numbers of a tensor do not divide into these axes. The row below a `split` has the features of all its "
        "steps together: steps times features.",
        "`nn.Linear(hidden_size, steps * features)` below `.view(-1, steps, features)`.",
        decoders.FORECAST,
        decoders.FORECAST_INDIVISIBLE,
    ),
    Kind(
        # load_state_dict of a model that reads 5 features
        "torch-weights",
        TORCH,
        "weights of a model with other sizes",
        "size mismatch for lstm.weight_ih_l0: copying a param with shape torch.Size([128, 5]) from checkpoint, "
        "the shape in current model is torch.Size([128, 4]).",
        r"size mismatch for (?P<weight>[\w.]{1,80}): copying a param with shape torch\.Size\(\[\d+(?:, "
        r"(?P<features>\d+))?\]\) from checkpoint, the shape in current model is torch\.Size\(\[\d+(?:, "
        r"(?P<wrong_features>\d+))?\]\)",
        "The weights come from a model whose rows have other widths than this one, at `$weight`. Both models "
        "need the same picture: features, units, directions and layers.",
        "The sizes of the model that was saved.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # x + LSTM(4, 32)(x)[0]
        "torch-other-widths",
        TORCH,
        "a sum of different widths",
        "The size of tensor a (4) must match the size of tensor b (32) at non-singleton dimension 2",
        r"The size of tensor a \((?P<features>\d+)\) must match the size of tensor b \((?P<wrong_units>\d+)\) "
        r"at non-singleton dimension (?P<axis>2)",
        "Two sequences are combined feature by feature, and one has $features features, the other $wrong_units. "
        "A residual connection adds what enters a row to what leaves it, so the row has as many units as it has "
        "input features.",
        "`nn.LSTM($features, $features)`, or `nn.Linear($features, $wrong_units)` on the skip.",
        pictures.RESIDUAL,
        pictures.RESIDUAL_OTHER_WIDTH,
        also=("torch-other-sizes",),
    ),
    Kind(
        # output (2, 6) minus target (2, 3)
        "torch-other-sizes",
        TORCH,
        "two tensors of different lengths combined",
        "The size of tensor a (6) must match the size of tensor b (3) at non-singleton dimension 1",
        r"The size of tensor a \((?P<steps>\d+)\) must match the size of tensor b \((?P<out_steps>\d+)\) at "
        r"non-singleton dimension (?P<axis>\d)",
        "Two values are compared or combined place by place, and one has $steps, the other $out_steps at the "
        "axis $axis: usually the output and the target of a loss. N, the number of steps of the output row, is "
        "the number of steps of the target.",
        "Targets with as many steps as the output; an encoder and a decoder if the two lengths differ by design.",
        decoders.REPEATED,
        pictures.ALL,
    ),
)
