"""what PyTorch says of the ranks and widths that its layers are given."""

from __future__ import annotations

from seqdsl.diagnosis.kind import TORCH, Kind
from seqdsl.diagnosis.kinds import pictures

TORCH_LAYERS = (
    Kind(
        # LSTM(4, 32)(ones(2, 3, 5))
        "torch-input-size",
        TORCH,
        "data of another number of features",
        "input.size(-1) must be equal to input_size. Expected 4, got 5",
        r"input\.size\(-1\) must be equal to input_size\. Expected (?P<wrong_features>\d+), got (?P<features>\d+)"
        r"|input has inconsistent input_size: got (?P<given>\d+),? expected (?P<expected>\d+)",
        "The layer was made for $wrong_features features a step, and the last axis of its input has $features. "
        "It is the width of the row below: of the input, of the embedding, or of the recurrent row it is "
        "stacked on.",
        "`nn.LSTM($features, ...)`, or `input.transpose(1, 2)` if the last axis is the steps.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # LSTM(4, 32)(ones(2, 3, 12, 4))
        "torch-input-axes",
        TORCH,
        "steps that hold more than features",
        "LSTM: Expected input to be 2D or 3D, got 4D instead",
        r"(?P<layer>LSTM|GRU|RNN): Expected input to be 2D or 3D, got (?P<axes>[4-9])D (?:tensor )?instead"
        r"|input must have [23] dimensions, got (?P<more>[4-9])",
        "A recurrent layer reads (batch, steps, features), and each step of the data holds a grid: an image, or "
        "a row of words. A row between them has to make one vector of each step: `flatten`, or convolutions and "
        "pooling.",
        "`x.flatten(2)`: all axes after the steps become features.",
        pictures.LAST_OF_FLATTENED,
        pictures.LAST_OF_GRIDS,
        sizes={"features": 3},
    ),
    Kind(
        # LSTM(4, 32)(ones(6))
        "torch-input-one-axis",
        TORCH,
        "a series without the axis of features",
        "LSTM: Expected input to be 2D or 3D, got 1D instead",
        r"(?P<layer>LSTM|GRU|RNN): Expected input to be 2D or 3D, got 1D (?:tensor )?instead",
        "A recurrent layer reads steps of features, (batch, steps, features), and the data is one row of "
        "numbers. A series of single values has one feature at each step, an axis of length 1 at its end.",
        "`x.unsqueeze(-1)` for the features, and `.unsqueeze(0)` for a batch of one.",
        pictures.LAST,
        pictures.ONE_VECTOR,
        sizes={"features": 1, "steps": 6},
    ),
    Kind(
        # an LSTM of versions before 1.11, over ones(2, 4)
        "torch-packed-axes",
        TORCH,
        "packed or plain input with one axis too few",
        "input must have 3 dimensions, got 2",
        r"input must have [23] dimensions, got [12]",
        "A recurrent layer reads (batch, steps, features), and an axis is missing: samples, steps or features. "
        "A batch of one sample keeps its axis, and a series of single values has one feature at each step.",
        "`x.unsqueeze(-1)` for features, `x.unsqueeze(0)` for a batch of one.",
        pictures.LAST,
        pictures.ONE_VECTOR,
    ),
    Kind(
        # Linear(32, 2) above LSTM(4, 32, bidirectional=True)
        "torch-linear-one-direction",
        TORCH,
        "a linear layer for one direction above a bidirectional row",
        "mat1 and mat2 shapes cannot be multiplied (6x64 and 32x2)",
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<both>\d+) and (?P<units>\d+)x(?P<out>\d+)\)",
        "The linear layer expects half as many features as it is given: those of one direction, while the row "
        "below is bidirectional and gives both, concatenated. In a picture this width follows from the row "
        "below.",
        "`nn.Linear(2 * hidden_size, ...)` above a bidirectional layer.",
        pictures.BIDIRECTIONAL,
        pictures.ALL,
        also=("torch-linear-width",),
        holds=lambda groups: int(groups["both"]) == 2 * int(groups["units"]),
    ),
    Kind(
        # Linear(4, 32)(ones(2, 5))
        "torch-linear-width",
        TORCH,
        "a linear layer that was made for another width",
        "mat1 and mat2 shapes cannot be multiplied (2x5 and 4x32)",
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<features>\d+) and "
        r"(?P<wrong_features>\d+)x(?P<width>\d+)\)",
        "The layer was made for $wrong_features features, and is given $features. The number is the width of "
        "the row below: `hidden_size` above one direction, twice that above two, and steps times features above "
        "a `flatten`.",
        "`nn.Linear($features, ...)`, or the row below with $wrong_features features.",
        pictures.NO_RECURRENCE,
        pictures.NO_RECURRENCE,
    ),
    Kind(
        # Conv1d(4, 32, 3)(ones(2, 20, 4))
        "torch-channels-last",
        TORCH,
        "a convolution over data with its channels last",
        "Given groups=1, weight of size [32, 4, 3], expected input[2, 20, 4] to have 4 channels, but got 20 "
        "channels instead",
        r"expected input\[\d+, (?P<steps__wrong_features>\d+), (?P<features__wrong_steps>\d+)\] to have "
        r"(?P=features__wrong_steps) channels, but got (?P=steps__wrong_features) channels instead",
        "`Conv1d` reads (batch, features, steps), and the data has its features last: its $steps steps are "
        "taken for features. In pictures, in Keras and in `nn.LSTM(batch_first=True)` features are last; the "
        "generated code transposes for the convolution.",
        "`conv(x.transpose(1, 2)).transpose(1, 2)`.",
        pictures.CONVOLUTION,
        pictures.CONVOLUTION,
    ),
    Kind(
        # Conv1d(4, 32, 3)(ones(2, 5, 20))
        "torch-channels",
        TORCH,
        "a convolution that was made for another width",
        "Given groups=1, weight of size [32, 4, 3], expected input[2, 5, 20] to have 4 channels, but got 5 "
        "channels instead",
        r"expected input\[(?:\d+, )?(?P<given>\d+), (?P<steps>\d+)\] to have (?P<wrong_features>\d+) channels, "
        r"but got (?P<features>\d+) channels instead",
        "The convolution was made for $wrong_features features at each step, and its input has $features. Its "
        "channels are the width of the row below.",
        "`nn.Conv1d($features, ...)`.",
        pictures.CONVOLUTION,
        pictures.CONVOLUTION,
    ),
    Kind(
        # Conv1d(4, 32, 3)(ones(2, 4, 2))
        "torch-window-too-long",
        TORCH,
        "a window longer than the sequence",
        "Calculated padded input size per channel: (2). Kernel size: (3). Kernel size can't be greater than "
        "actual input size",
        r"Calculated padded input size per channel: \((?P<steps>\d+)\)\. Kernel size: \((?P<kernel>\d+)\)\. "
        r"Kernel size can't be greater than actual input size",
        "Without padding a convolution keeps only steps whose window is whole, and a window of $kernel steps is "
        "longer than the $steps steps of the sequence. With padding, the output has as many steps as the input.",
        '`nn.Conv1d(..., padding="same")`, or a smaller kernel.',
        pictures.CONVOLUTION,
        pictures.WHOLE_WINDOWS,
    ),
    Kind(
        # LayerNorm(32)(ones(2, 3, 4))
        "torch-normalized-width",
        TORCH,
        "a normalization that was made for another width",
        "Given normalized_shape=[32], expected input with shape [*, 32], but got input of size[2, 3, 4]",
        r"Given normalized_shape=\[(?P<wrong_features>\d+)\], expected input with shape \[\*, \d+\], but got "
        r"input of size\[(?:\d+, )*(?P<features>\d+)\]",
        "Layer normalization works on the last axis, the features of each step: it was made for $wrong_features "
        "and is given $features. It is as wide as the row below; if the last axis is the steps, the data has "
        "its channels first.",
        "`nn.LayerNorm($features)`, or `x.transpose(1, 2)` before it.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # MultiheadAttention(32, 2)(x, x, x) of 16 features
        "torch-attention-width",
        TORCH,
        "attention that was made for another width",
        "was expecting embedding dimension of 32, but got 16",
        r"was expecting embedding dimension of (?P<wrong_units>\d+), but got (?P<units>\d+)",
        "Multi-head attention was made for $wrong_units features, and its query has $units. Queries, and what "
        "is added to its result, have one width; a `dense` row below brings the data to it.",
        "`nn.MultiheadAttention($units, ...)`, or `nn.Linear(features, $wrong_units)` below it.",
        pictures.ATTENTION,
        pictures.ATTENTION,
    ),
    Kind(
        # MultiheadAttention(33, 2)
        "torch-attention-heads",
        TORCH,
        "features that are not divisible by the heads",
        "embed_dim must be divisible by num_heads",
        r"embed_dim must be divisible by num_heads|embed_dim (?P<width>\d+) not divisible by num_heads "
        r"(?P<given>\d+)",
        "Each head of the attention reads an equal part of the features, so their number is a multiple of the "
        "heads. The row below the attention sets it.",
        "`nn.MultiheadAttention(32, 2)`: any number of heads that divides the width.",
        pictures.ATTENTION,
        pictures.ATTENTION_ODD_HEADS,
    ),
    Kind(
        # a mask of (steps, batch)
        "torch-key-padding-mask",
        TORCH,
        "a padding mask of another shape than its keys",
        "Expected key_padded_mask.shape[0] to be 2, but got 5",
        r"Expected key_padded_mask\.shape\[[01]\] to be (?P<expected>\d+), but got (?P<given>\d+)"
        r"|expecting key_padding_mask shape of \(\d+, \d+\), but got",
        "The mask marks which steps of the keys are padding, and has the shape (batch, steps), also "
        "without `batch_first`. Its axis has $given where $expected are expected: it is transposed, or made "
        "from the queries.",
        "`key_padding_mask = ids == 0`, of the sequence that is read as keys; `batch_first=True` in the "
        "attention.",
        pictures.ATTENTION_OF_MASKED_IDS,
        also=("torch-attention-mask",),
    ),
    Kind(
        # MultiheadAttention(32, 2)(x, x, x, attn_mask=...), where x is (batch, steps, 32)
        "torch-attention-mask",
        TORCH,
        "an attention mask of another shape than queries by keys",
        "The shape of the 2D attn_mask is torch.Size([3, 3]), but should be (2, 2).",
        r"The shape of the [23]D attn_mask is torch\.Size\(\[[\d, ]{1,30}\]\), but should be \([\d, ]{1,30}\)",
        "`attn_mask` has a row for each query and a column for each key, both steps. Where the expected size is "
        "the number of samples, the data is (batch, steps, features) and the attention reads its first axis as "
        "steps.",
        "`nn.MultiheadAttention(..., batch_first=True)`; a mask of (queries, keys).",
        pictures.ATTENTION,
        also=("torch-key-padding-mask",),
    ),
    Kind(
        # MultiheadAttention(32, 2)(ones(32), ones(3, 32), ones(3, 32))
        "torch-attention-axes",
        TORCH,
        "attention over a single vector",
        "query should be unbatched 2D or batched 3D tensor but received 1-D query tensor",
        r"query should be unbatched 2D or batched 3D tensor but received (?P<axes>\d)-D query tensor"
        r"|For batched \(3-D\) `query`, expected `key` and `value` to be 3-D but found",
        "Attention compares steps with steps, and a query, key or value here has other axes than (batch, steps, "
        "features). A vector, such as a final state, is a sequence of one step, `unsqueeze(1)`; a sequence "
        "keeps its steps below it.",
        "`query.unsqueeze(1)` for a vector; all outputs of a recurrent layer, not its final state, as keys and "
        "values.",
        pictures.ATTENTION,
        pictures.ATTENTION_OF_VECTOR,
    ),
)
