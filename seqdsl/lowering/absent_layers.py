"""words of the frameworks that are no layer here → what to draw or to do instead.

What wires show, what belongs before or after the model, and what the language does not have.
"""

from __future__ import annotations

from typing import NamedTuple


class Absent(NamedTuple):
    """A layer of another framework that is not in the language.

    Attributes:
        names: a pattern of its names, in lower case and without ``_``.
        answer: what to draw or to do instead.
        wraps: whether it is around another layer, as `Bidirectional(LSTM(64))`.
    """

    names: str
    answer: str
    wraps: bool = False


_VOLUMES = (
    "volumes are not in the language: a node holds a vector, or a grid of height and width; draw the third axis as "
    "steps, with a row of `conv2d(32, 3)` over it"
)
_RESIZED = "not in the language; resize the images before the model, or in the code that calls it"
_PATCHES = "not in the language; cut the images into patches before the model: one node for each"
_PRETRAINED = (
    "networks with trained weights are not in the language; compute its features before the model, and take them as "
    "an input: `input(512)`"
)
_DATA = (
    "this prepares data, which is done before the model; the model takes numbers (`input(8)`) or ids "
    "(`tokens(1000)`)"
)
_OWN = "own layers are not in the language; draw it of the layers there are, or add it to the generated code"
_ROWS = "draw a row for each layer, the input last; wires join them"
_NORMS = (
    "not in the language; `layernorm` normalizes each step, `batchnorm` each feature over the batch"
)
ABSENT: tuple[Absent, ...] = (
    # Keras's `RNN(LSTMCell(64))`; without a cell in it, it is a layer here.
    Absent("rnn", "", wraps=True),
    Absent("bidirectional", "draw its state wires with `=`: `H=H=H`", wraps=True),
    Absent("timedistributed", "with one wire a step, a row is applied at each step", wraps=True),
    Absent(
        "spectralnorm(alization)?|weightnorm|wrapper",
        "not in the language; wrap the built layer",
        wraps=True,
    ),
    Absent("stackedrnncells", "draw a row for each cell"),
    # What wires do: `RepeatVector(5)`, `Flatten()`, `ZeroPadding1D(1)`, `Cropping1D(2)`.
    Absent("repeatvector|repeat|expand|tile", "lead the value to every step by a bus: `+-+-+`"),
    Absent("flatten", "lead all steps to one node by a bus: `+-+-+`"),
    Absent(
        "permute|transpose|swapaxes",
        "not in the language; exchange the axes of the data before the model",
    ),
    Absent("upsampling1d|upsampl(e|ing)", "wire each node to several nodes of the row above"),
    Absent(
        "zeropad(ding)?1d|constantpad1d|pad(ding)?",
        "draw more nodes than are wired: a step that is not wired reads zeros",
    ),
    Absent(
        "(circular|reflection|replication)pad1d",
        "not in the language; pad the data before the model",
    ),
    Absent("cropping1d|crop|slice|narrow", "wire only the steps that are kept"),
    Absent("maxunpool1d", "not in the language; wire each node to several nodes of the row above"),
    Absent(
        "adaptive(max|avg|average)pool(ing)?1d",
        "draw as many nodes of `max` or `mean` as are needed, and wire the steps of its window to each",
    ),
    Absent(
        "lppool1d",
        "not in the language; `max` and `mean` are: wire the steps of a window to one node",
    ),
    # What joins two values: `Subtract()`, `Dot(axes=1)`.
    Absent("subtract|sub|minus", "not in the language; a `dense` row that reads both can learn it"),
    Absent(
        "dot|cosinesimilarity|pairwisedistance|bilinear|einsumdense|matmul",
        "not in the language; draw both values as outputs, and combine them in the code that calls the "
        "model",
    ),
    Absent(
        "identity|noop|passthrough",
        "draw a wire in place of its row: a wire passes its value unchanged",
    ),
    Absent(
        "residual|skip|shortcut|resnet",
        "lead a wire past the row, and join both by an `add` row",
    ),
    # Convolutions of another kind, or of more than one axis: `Conv1DTranspose(3, 3)`, `BatchNorm2d(3)`.
    Absent(
        "conv1dtranspose|convolution1dtranspose|(lazy)?convtranspose1d|deconv1?d?",
        "not in the language; wire each node to several nodes of a `conv` row",
    ),
    Absent(
        "(separable|depthwise)conv(olution)?1d|separableconv|depthwiseconv",
        "not in the language; `conv(32, 3)` is the whole convolution",
    ),
    # ConvLSTM, but over one axis or three; and cells that are written as equations: `ConvGRU2D(16, 3)`.
    Absent(
        "convlstm[123]d",
        "not in the language; over images it is `convlstm(16, 3)`; a row `conv(16, 3)` below a row `lstm(16)` "
        "reads windows",
    ),
    Absent(
        "conv(gru|rnn)(cell|2d)?",
        "write it as a `cell` with `conv2d(x, h, kernel=3)` in its equations",
    ),
    Absent(r"\w*3d(transpose)?", _VOLUMES),
    Absent(
        "(conv2dtranspose|convolution2dtranspose|(lazy)?convtranspose2d|deconv2d|upsampling2d|upsample2d|upsamplingnearest2d|"
        "upsamplingbilinear2d|maxunpool2d|pixel(un)?shuffle)",
        _RESIZED,
    ),
    Absent(
        "(separable|depthwise)conv(olution)?2d",
        "not in the language; `conv2d(32, 3)` is the whole convolution",
    ),
    Absent(
        r"\w*pad(ding)?2d",
        "`conv2d(32, 3, padding=same)` pads with zeros; pad with other values before the model",
    ),
    Absent("cropping2d", "crop the images before the model"),
    Absent(
        "(fractional|adaptive)(max|avg|average)pool(ing)?2d|lppool2d",
        "`maxpool2d(2)` and `meanpool2d(2)` pool windows, `max(grid)` and `mean(grid)` all places",
    ),
    Absent(
        "(spatial|feature)?dropout2d", "not in the language; `dropout(0.2)` drops single values"
    ),
    Absent("softmax2d", "write `activation(softmax)`: it acts on the channels of each place"),
    Absent("channelshuffle", "not in the language; `dense(32)` mixes the channels of each place"),
    Absent("fold|unfold|(image)?patch(es|embedding|encoder)?", _PATCHES),
    Absent(
        "rearrange|einops|einsum",
        "wires and rows tell what is moved: draw `flatten`, `split`, or a bus",
    ),
    Absent(
        "(resnet|vgg|inception|mobilenet|efficientnet|densenet|xception|convnext|vit|clip|bert|roberta|gpt|wav2vec|whisper|"
        "yamnet)[0-9a-z]*",
        _PRETRAINED,
    ),
    # What normalizes, drops and compares in another way: `GroupNorm(2, 4)`, `SpatialDropout1D(0.2)`.
    Absent(
        "(lazy)?(group|instance|rms|unit|local|localresponse|power)norm(alization)?([123]d)?|"
        "localresponsenorm|instancenorm1d|crossmaplrn2d",
        _NORMS,
    ),
    Absent(
        "(spatial)?dropout1d|(feature)?alphadropout|gaussian(noise|dropout)|zoneout|dropconnect|"
        "variationaldropout",
        "not in the language; `dropout(0.2)` drops single features, `lstm(16, dropout=0.2)` the same ones "
        "at all steps",
    ),
    Absent(
        "groupqueryattention|performer|linearattention",
        "not in the language; `attention` compares by dot products, `attention(heads=4)` with trained "
        "projections, `attention(score=additive)` by a trained vector",
    ),
    # What is several rows here: `TransformerEncoderLayer(16, 4)`, `PositionalEncoding()`, `Seq2Seq()`.
    Absent(
        "transformer(encoder|decoder)?(layer|block)?|encoderlayer|decoderlayer",
        "draw its `attention`, `add`, `layernorm` and `dense` rows",
    ),
    Absent(
        "rotary(positional)?(embedding)?|rope|alibi|relative(position)?(bias|embedding)?",
        "not in the language; `position(8, most=512)` is a trained code of each step's number, "
        "`position(8, sin)` one of sines",
    ),
    Absent(
        "encoder|decoder|seq2seq|encoderdecoder",
        "draw two recurrent rows; `E-E-D-D` passes the final state of `E` to `D`",
    ),
    # Activations, alone or as `activation="hard_swish"`.
    Absent(
        "(p|r|c|thresholded)relu|prelu|celu|glu|swiglu|geglu|hard(swish|tanh|shrink|silu)|logsigmoid|softmin|"
        "softshrink|tanhshrink|threshold|exponential|sparsemax|maxout",
        "not in the language; the activations are {activations}",
    ),
    Absent(
        "lambda|custom(layer)?|mylayer|function|module|layer|jaxlayer|flaxlayer|tfsmlayer|torchmodulewrapper",
        _OWN,
    ),
    Absent(
        "sequential|model|functional|container|(module|parameter)(list|dict)|stack|pipeline|block",
        _ROWS,
    ),
    # Recurrent layers of papers: `IndRNN(16)`, `Mamba(64)`.
    Absent(
        "rnnbase|rnncellbase|cell|recurrent",
        "the recurrent layers are `lstm(16)`, `gru(16)` and `rnn(16)`",
    ),
    Absent(
        "(c|i|p|s|q|m|l)?(lru|sru|mgu|qrnn|ugrnn|ntm|esn|ssm|s4|s5|mamba|rwkv|xlstm|slstm|mlstm|indrnn|"
        "reservoir|peephole(lstm)?|layernormlstm|jordan|clockwork(rnn)?|treelstm)",
        "not in the language; the recurrent layers are `lstm(16)`, `gru(16)` and `rnn(16)`",
    ),
    Absent(
        "highway|gate|gated|gating",
        "draw the gate: a `dense(16, sigmoid)` row and a `multiply` row",
    ),
    Absent(
        "(md|multidimensional|grid|spatial|2d)(lstm|gru|rnn)|(lstm|gru|rnn)2d|renet",
        "recurrence over a second axis is not in the language; a picture as a layer can run along the rows of a grid",
    ),
    # What is behind the model, or in the code that trains it: `CRF(5)`, `CrossEntropyLoss()`.
    Absent(
        "(scheduledsampl(ing|er)|professorforcing)",
        "not in the language; `feedback=Y` trains on what is given: mix that with what was generated in the code that "
        "trains the model",
    ),
    Absent(
        "crf|ctc|beam(search)?|viterbi|hmm",
        "not in the language; draw its scores as an output, and decode in the code that calls the model",
    ),
    Absent(
        r"\w*loss(2d)?|adaptivelogsoftmaxwithloss|linearcrossentropy\w*",
        "a loss does not belong to a picture; use it in the code that trains the model",
    ),
    Absent(
        "buffer|variable|constant|weight|uninitialized(parameter|buffer)",
        "a layer has the weights that it needs; `learned(8)` is trained numbers by themselves",
    ),
    Absent(
        "activityregularization|regularizer|l1|l2|weightdecay",
        "remove it here, and set it in the code that trains the model",
    ),
    Absent(
        "reversibleembedding",
        "draw a row `M` of `embedding(64)`, and a row of `dense(tied=M)` that uses its matrix again",
    ),
    Absent(
        "dataparallel|distributeddataparallel",
        "remove it here, and wrap the built model: `DataParallel(build_model())`",
    ),
    # What is before the model: `TextVectorization()`, `RandomCrop(3, 3)`.
    Absent(
        r"random\w+|rand\w+|\w*crop|rescaling|resizing|normalization|discretization|hashing|hashedcrossing|"
        r"categoryencoding|(string|integer)lookup|textvectorization|\w*spectrogram|stft|mel|augmix|"
        r"autocontrast|mixup|cutmix|equalization|contrastlimited\w+|solarization|maxnumboundingboxes|onehot|"
        r"tokenizer|standardscaler|quantize",
        _DATA,
    ),
)
"""Layers that are not in the language; the first that fits answers."""
