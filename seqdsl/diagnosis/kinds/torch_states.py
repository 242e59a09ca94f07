"""what PyTorch says of states, of results that are tuples, and of packed sequences."""

from __future__ import annotations

from seqdsl.diagnosis.kind import TORCH, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

# "Expected hidden[0] size (1, 2, 32), got [1, 3, 32]": layers and directions, batch, units.
_EXPECTED = r"Expected hidden(?:\[[01]\])? size \("

TORCH_STATES = (
    Kind(
        # an initial state (1, 2, 16) for hidden_size=32
        "torch-state-width",
        TORCH,
        "an initial state of another width",
        "Expected hidden[0] size (1, 2, 32), got [1, 2, 16]",
        rf"{_EXPECTED}(?P<layers>\d+), (?P<batch>\d+), (?P<wrong_other_units>\d+)\), got \[(?P=layers), "
        rf"(?P=batch), (?P<units>\d+)\]"
        r"|has inconsistent hidden_size: got (?P<given>\d+),? expected (?P<expected>\d+)",
        "The state has $units features and the layer has $wrong_other_units units. A state passes along a wire "
        "as it is, so encoder and decoder have the same number of units, and a vector that starts a row passes "
        "through a `dense` with that many units.",
        "The same `hidden_size` in both layers, or `nn.Linear($units, $wrong_other_units)` on h and on c.",
        decoders.HANDOFF,
        decoders.HANDOFF_OTHER_UNITS,
    ),
    Kind(
        # an initial state (2, 2, 32), of two directions, for one
        "torch-state-directions",
        TORCH,
        "the states of two directions or of several layers",
        "Expected hidden[0] size (1, 2, 32), got [2, 2, 32]",
        rf"{_EXPECTED}(?P<layers>\d+), (?P<batch>\d+), (?P<units>\d+)\), got \[(?!(?P=layers),)(?P<given>\d+), "
        rf"(?P=batch), (?P=units)\]",
        "The first axis of a state is layers times directions: $given come in, and the layer has $layers. The "
        "two final states of a bidirectional encoder, concatenated, start a decoder with twice as many units; "
        "stacked layers pass theirs row by row.",
        "`torch.cat([h[-2], h[-1]], -1)[None]` for a decoder of `2 * hidden_size`; or as many layers in both.",
        decoders.HANDOFF_BIDIRECTIONAL,
        decoders.HANDOFF_BIDIRECTIONAL_NARROW,
    ),
    Kind(
        # a state (1, 2, 32) and an input (2, 3, 4) without batch_first=True
        "torch-state-batch",
        TORCH,
        "a state of another batch, or of an axis read as the batch",
        "Expected hidden[0] size (1, 3, 32), got [1, 2, 32]",
        rf"{_EXPECTED}(?P<layers>\d+), (?P<batch>\d+), (?P<units>\d+)\), got \[(?P=layers), (?P<given>\d+), "
        rf"(?P=units)\]",
        "The layer counts $batch samples and the state is for $given: without `batch_first=True` the first axis "
        "of the input is the steps, and they are counted. The picture is right, and a state is never batch "
        "first; one that is kept from another batch has the size of that batch.",
        "`nn.LSTM(..., batch_first=True)`; an initial state made from the batch, `x.new_zeros(1, len(x), "
        "hidden_size)`.",
        decoders.HANDOFF,
    ),
    Kind(
        # a state (batch, layers, units)
        "torch-state-swapped",
        TORCH,
        "a state with its axes in another order",
        "Expected hidden[0] size (1, 2, 32), got [2, 1, 32]",
        rf"{_EXPECTED}(?P<expected>[\d, ]{{1,30}})\), got \[(?P<given>[\d, ]{{1,30}})\]",
        "A state has the axes (layers, batch, units), here ($expected), also with `batch_first=True`, and this "
        "one has ($given). In a picture its size follows from the row that it enters.",
        "`state.transpose(0, 1)`, or a state made as `x.new_zeros(layers, batch, hidden_size)`.",
        decoders.HANDOFF,
        also=("torch-state-directions",),
    ),
    Kind(
        # LSTM(4, 32)(x, h)
        "torch-state-not-a-pair",
        TORCH,
        "an LSTM with one initial state",
        "index 1 is out of bounds for dimension 0 with size 1",
        r"For batched 3-D input, hx and cx should also be 3-D but got \(2-D, 2-D\) tensors"
        r"|index 1 is out of bounds for dimension 0 with size 1",
        "The state of an LSTM is two tensors, h and c, and only one is passed. A state wire from the encoder's "
        "row to the decoder's passes both; a value wired to its beginning is one vector for both.",
        "`_, state = encoder(x)`, then `decoder(z, state)`: `state` is the pair (h, c).",
        decoders.HANDOFF,
        decoders.HANDOFF_H_ALONE,
        also=("torch-state-axes",),
    ),
    Kind(
        # GRU(4, 32)(x, h) with h of (batch, units)
        "torch-state-axes",
        TORCH,
        "a state without the axis of layers",
        "For batched 3-D input, hx should also be 3-D but got 2-D tensor",
        r"For (?:un)?batched [23]-D input, hx (?:and cx )?should also be [23]-D but got",
        "A state has the axes (layers, batch, units), and one of them is missing here or in the input. A vector "
        "that starts a row, such as an encoded image, becomes a state of one layer.",
        "`h.unsqueeze(0)` for a state (batch, units); `x.unsqueeze(0)` for an input without a batch.",
        decoders.HANDOFF,
    ),
    Kind(
        # LSTM(4, 32)(x).size()
        "torch-result-tuple",
        TORCH,
        "the result of a recurrent layer used as one tensor",
        "'tuple' object has no attribute 'size'",
        r"'tuple' object has no attribute '(?P<attribute>\w{1,30})'|argument 'input' \(position 1\) must be "
        r"Tensor, not tuple",
        "`nn.LSTM` gives a pair: all steps, and the final states. In the picture these are different wires: one "
        "from each step of the row, or one from its last step; draw which of them is read.",
        "`y, (h, c) = self.lstm(x)`; then `y` for all steps, `y[:, -1]` or `h[-1]` for the last one.",
        pictures.LAST,
        pictures.ALL,
    ),
    Kind(
        # y, state = lstm(x, state), and loss.backward(), in a loop
        "torch-graph-freed",
        TORCH,
        "a state that carries the graph of the last batch",
        "Trying to backward through the graph a second time (or directly access saved tensors after they have "
        "already been freed). Saved intermediate values of the graph are freed when you call .backward() or "
        "autograd.grad().",
        r"Trying to backward through the graph a second time",
        "The state of one batch is the initial state of the next, and with it its whole history, whose values "
        "are freed. The state passes from call to call as a value: it leaves the model, is detached, and enters "
        "it again.",
        "`state = tuple(item.detach() for item in state)` after each batch; no initial state if batches are "
        "independent.",
        decoders.STATES_KEPT,
        pictures.ALL,
    ),
    Kind(
        # pack_padded_sequence(x, lengths.cuda())
        "torch-lengths-device",
        TORCH,
        "lengths that are not on the CPU",
        "'lengths' argument should be a 1D CPU int64 tensor, but got 1D meta Long tensor",
        r"'lengths' argument should be a 1D CPU int64 tensor, but got (?P<given>\w{1,20}) "
        r"(?P<device>[\w:]{1,20}) (?P<type>\w{1,20}) tensor",
        "The picture is right: how many steps of each sample are valid is an input of its own. Packing counts "
        "with these numbers on the CPU, whatever device the data is on.",
        "`pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)`.",
        pictures.LAST_OF_LENGTHS,
    ),
    Kind(
        # pack_padded_sequence(x, [2, 3])
        "torch-lengths-order",
        TORCH,
        "lengths that are not sorted",
        "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True.",
        r"`lengths` array must be sorted in decreasing order when `enforce_sorted` is True",
        "The picture is right: how many steps of each sample are valid is an input of its own. Samples may be "
        "in any order; packing sorts them and puts the results back if it is asked to.",
        "`pack_padded_sequence(..., enforce_sorted=False)`.",
        pictures.LAST_OF_LENGTHS,
    ),
    Kind(
        # pack_padded_sequence(x, [3, 0])
        "torch-lengths-zero",
        TORCH,
        "a sample without a valid step",
        "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
        r"Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
        "A recurrent row ends at the last valid step of each sample, and this sample has none: all of it is "
        "padding. The picture is right; what an empty sample means has to be decided before the model.",
        "`keep = lengths > 0`, or `lengths.clamp(min=1)`, which reads one step of padding.",
        pictures.LAST_OF_LENGTHS,
    ),
    Kind(
        # pack_padded_sequence(ones(2, 3, 4), [2, 2]) without batch_first=True
        "torch-lengths-count",
        TORCH,
        "lengths of samples, with the steps read as samples",
        "Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=3)",
        r"Expected `len\(lengths\)` to be equal to batch_size, but got (?P<given>\d+) "
        r"\(batch_size=(?P<batch>\d+)\)",
        "There are $given lengths, one for each sample, and $batch samples are counted. Without "
        "`batch_first=True` the steps, the first axis, are taken for the samples.",
        "`pack_padded_sequence(x, lengths, batch_first=True)`, and the same in the layer.",
        pictures.LAST_OF_LENGTHS,
    ),
)
