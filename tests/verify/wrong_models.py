"""Models of the right shapes that are not the picture: generated code with one slip each, and what must catch it."""

from __future__ import annotations

from typing import NamedTuple

Change = tuple[str, str]


class Wrong(NamedTuple):
    """A slip in the code that is generated for a picture.

    Attributes:
        what: what is wrong.
        picture: the name of an example, or of one of `PICTURES`.
        target: the framework.
        check: the check that must fail.
        changes: what is written instead of what, in the generated code.
    """

    what: str
    picture: str
    target: str
    check: str
    changes: tuple[Change, ...]


PICTURES = {
    "own-activation": """
    Y   dense(2)
    |
H H H   lstm(4, activation=relu)
| | |
X X X   input(3)
""",
    "gru-without-bias": """
    Y   dense(2)
    |
H H H   gru(4, bias=false)
| | |
X X X   input(3)
""",
    "masked-last-two": """
      Y Y   dense(2)
      | |
H H H H H   gru(4)
| | | | |
X X X X X   input(3, mask=0)
""",
    "masked-first-two": """
F F       dense(2)
| |
H H H H   gru(4)
| | | |
X X X X   input(3, mask=0)
""",
    "wide-heads": """
Y Y Y Y   attention(heads=2, key=3)
| | | |
+-+-+-+
| | | |
X X X X   input(5)
""",
    "named-keys": """
K K K     C C C
| | |     | | |
E E E     D D D
| | |     | | |
X X X     Z Z Z

X = input(3)
Z = input(2)
E = gru(4, name=encoder)
K = dense(4)
D = gru(4)
C = attention(E, keys=K)
""",
    "two-ordinary-outputs": """
Y   Z
|   |
+-+-+
  |
  X

X = input(3)
Y = dense(2)
Z = dense(2, tanh)
""",
}


def torch(what: str, picture: str, check: str, *changes: Change) -> Wrong:
    return Wrong(what, picture, "torch", check, changes)


def keras(what: str, picture: str, check: str, *changes: Change) -> Wrong:
    return Wrong(what, picture, "keras", check, changes)


_PACKED = (
    "packed = pack_padded_sequence(\n            x,\n            lengths.clamp(min=1).cpu(),\n"
    "            batch_first=True,\n            enforce_sorted=False,\n        )"
)

MIXED = (
    torch(
        "samples taken for steps, and the last of these read",
        "vanilla-lstm",
        "dependence",
        ("batch_first=True", "batch_first=False"),
        ("_, (h_n, _) = self.lstm(x)", "lstm, _ = self.lstm(x)"),
        ("h_n[-1]", "lstm[:, -1]"),
    ),
    torch(
        "samples taken for steps in one of two rows",
        "regularized-stack",
        "dependence",
        ("nn.LSTM(6, 12, batch_first=True)", "nn.LSTM(6, 12)"),
    ),
    torch(
        "statistics of the batch in inference",
        "regularized-stack",
        "dependence",
        (
            "self.batchnorm_b(lstm_h.transpose(1, 2))",
            "nn.functional.batch_norm(lstm_h.transpose(1, 2), None, None, training=True)",
        ),
    ),
    keras(
        "statistics of the batch in inference",
        "regularized-stack",
        "dependence",
        (
            'layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_b")',
            "layers.Lambda(lambda x: x - keras.ops.mean(x, axis=(0, 1)))",
        ),
    ),
    torch("a softmax over the samples", "captioning", "dependence", ("dim=-1)", "dim=0)")),
    keras(
        "a softmax over the samples",
        "two-ordinary-outputs",
        "dependence",
        (
            "outputs=[y, z]",
            "outputs=[keras.ops.softmax(y, axis=0), z]",
        ),
    ),
    torch(
        "every sample's result given to its neighbor",
        "vanilla-lstm",
        "dependence",
        ("h_n[-1]", "h_n[-1].roll(1, 0)"),
    ),
    torch(
        "attention to the other samples",
        "self-attention",
        "dependence",
        (", batch_first=True", ""),
    ),
    torch(
        "padding of the whole batch counted in a mean",
        "masked-mean",
        "dependence",
        ("/ mask.sum(dim=1, keepdim=True)", "/ mask.sum()"),
    ),
)
"""Samples that depend on each other: `dependence` alone must find it."""

WRONG = (
    *MIXED,
    # Slices and padding.
    torch(
        "a slice off by one",
        "many-to-many-last-3",
        "dependence",
        ("lstm[:, -3:]", "lstm[:, -4:-1]"),
    ),
    keras("a crop off by one", "many-to-many-last-3", "dependence", ("((3, 0))", "((2, 1))")),
    torch("the first three steps", "many-to-many-last-3", "dependence", ("[:, -3:]", "[:, :3]")),
    keras("the last step too early", "two-heads", "dependence", ("gru_h[:, -1]", "gru_h[:, -2]")),
    torch("padding before", "many-to-many-padded", "dependence", ("(0, 0, 0, 3)", "(0, 0, 3, 0)")),
    keras("padding before", "many-to-many-padded", "dependence", ("((0, 3))", "((3, 0))")),
    torch(
        "the last step repeated instead of padding",
        "many-to-many-padded",
        "reference",
        ("F.pad(x, (0, 0, 0, 3))", "torch.cat((x, x[:, -1:].expand(-1, 3, -1)), dim=1)"),
    ),
    torch(
        "the wrong phase of every second step", "every-second-step", "dependence", ("1::2", "::2")
    ),
    keras(
        "the wrong phase of every second step", "every-second-step", "dependence", ("1::2", "::2")
    ),
    keras(
        "no shift of the teacher's words",
        "teacher-forcing-shift",
        "dependence",
        ("layers.ZeroPadding1D((1, 0))(target)", "layers.ZeroPadding1D((0, 1))(target)"),
    ),
    # States.
    torch(
        "state not handed over",
        "translation",
        "dependence",
        ("embedding_n, encoder_state", "embedding_n"),
    ),
    keras(
        "state not handed over", "translation", "dependence", (", initial_state=encoder_state", "")
    ),
    torch(
        "only h handed over",
        "translation",
        "reference",
        ("embedding_n, encoder_state", "embedding_n, (encoder_state[0], 0 * encoder_state[1])"),
    ),
    keras(
        "h and c exchanged",
        "translation",
        "reference",
        ("initial_state=encoder_state", "initial_state=encoder_state[::-1]"),
    ),
    torch(
        "an initial c of zero",
        "caption-initial-state",
        "reference",
        ("(lstm_d_start, lstm_d_start)", "(lstm_d_start, 0 * lstm_d_start)"),
    ),
    keras(
        "a projection with a bias",
        "speech-lstm-projected",
        "reference",
        (
            "h = ops.matmul(ops.sigmoid(o) * ops.tanh(c), self.projection_kernel)",
            "h = ops.matmul(ops.sigmoid(o) * ops.tanh(c), self.projection_kernel) + 0.1",
        ),
    ),
    keras(
        "a memory that goes through the projection",
        "speech-lstm-projected",
        "reference",
        (
            "        return h, [h, c]",
            "        c = ops.matmul(h, ops.transpose(self.projection_kernel))\n        return h, [h, c]",
        ),
    ),
    keras(
        "the two directions' states exchanged",
        "translation-bidirectional",
        "reference",
        ("[forward_h, backward_h]", "[backward_h, forward_h]"),
    ),
    torch(
        "broken chains run as one",
        "broken-chains",
        "dependence",
        ("x.reshape(-1, 3, 5)", "x"),
    ),
    torch(
        "a chain that begins late",
        "vanilla-lstm",
        "dependence",
        ("self.lstm(x)", "self.lstm(x[:, 3:])"),
    ),
    torch(
        "the wrong layer's state",
        "translation-stacked",
        "dependence",
        ("(lstm_d, lstm_f_state)", "(lstm_d)"),
        ("(embedding_n, lstm_e_state)", "(embedding_n)"),
    ),
    # Directions.
    torch(
        "one direction twice",
        "bidirectional-final-state",
        "reference",
        ("(h_n[0], h_n[1])", "(h_n[0], h_n[0])"),
    ),
    torch(
        "the last step of a bidirectional row",
        "bidirectional-final-state",
        "reference",
        ("_, (h_n, _)", "lstm_b, _"),
        ("torch.cat((h_n[0], h_n[1]), dim=-1)", "lstm_b[:, -1]"),
    ),
    torch(
        "the backward half missing",
        "bidirectional-tagger",
        "dependence",
        ("lstm_b, _ = self.lstm_b(x)", "lstm_b = self.lstm_b(x)[0][..., :16].repeat(1, 1, 2)"),
    ),
    keras(
        "the directions exchanged",
        "bidirectional-final-state",
        "reference",
        (
            "layers.Bidirectional",
            "layers.Lambda(lambda x: x[:, ::-1]),\n            layers.Bidirectional",
        ),
    ),
    torch(
        "left to right",
        "tagger-right-to-left",
        "dependence",
        ("self.gru_h(x.flip(1))", "self.gru_h(x)"),
        ("gru_h = gru_h.flip(1)", "pass"),
    ),
    keras(
        "not turned back",
        "tagger-right-to-left",
        "dependence",
        ("gru_h = ops.flip(gru_h, axis=1)", "pass"),
    ),
    torch(
        "the decoder's steps in reverse",
        "autoencoder-reversed",
        "reference",
        ("decoder = decoder.flip(1)", "pass"),
    ),
    # Weights.
    torch(
        "weights not shared",
        "siamese",
        "parameters",
        ("self.dense_y =", "self.other = nn.LSTM(8, 16, batch_first=True)\n        self.dense_y ="),
        ("self.lstm_l(z)", "self.other(z)"),
    ),
    keras(
        "weights not shared",
        "siamese",
        "parameters",
        ("lstm_l_layer(z)", 'layers.LSTM(16, name="other")(z)'),
    ),
    torch(
        "gates in the wrong order", "own-activation", "reference", ("i, f, g, o =", "f, i, g, o =")
    ),
    keras(
        "the reset gate before the matrix",
        "gru-without-bias",
        "reference",
        ("use_bias=False", "use_bias=False, reset_after=False"),
    ),
    torch(
        "weights counted twice",
        "vanilla-lstm",
        "parameters",
        ("self.dense =", "self.other = nn.Linear(16, 3)\n        self.dense ="),
    ),
    torch(
        "four heads instead of two",
        "self-attention",
        "reference",
        ("Attention(8, 2", "Attention(8, 4"),
    ),
    keras(
        "four heads instead of two",
        "self-attention",
        "reference",
        ("(2, key_dim=4", "(4, key_dim=2"),
    ),
    torch(
        "a bias too few",
        "vanilla-lstm",
        "parameters",
        ("nn.Linear(16, 3)", "nn.Linear(16, 3, bias=False)"),
    ),
    # Masks.
    torch("mask ignored", "masked-last-step", "reference", (_PACKED, "packed = x")),
    keras(
        "mask ignored",
        "masked-last-step",
        "reference",
        ("layers.Masking(mask_value=0.0)(checked)", "checked"),
    ),
    keras(
        "padding counted in a mean",
        "masked-mean",
        "reference",
        (
            "GlobalAveragePooling1D()(gru_h, mask=some_valid(mask))",
            "GlobalAveragePooling1D()(gru_h)",
        ),
    ),
    torch(
        "padding counted in a mean",
        "masked-mean",
        "reference",
        ("/ mask.sum(dim=1, keepdim=True).clamp(min=1)", "/ 5"),
    ),
    torch(
        "the mean of no steps",
        "masked-mean",
        "reference",
        ("keepdim=True).clamp(min=1)", "keepdim=True)"),
    ),
    keras(
        "the mean of no steps",
        "masked-mean",
        "reference",
        ("mask=some_valid(mask)", "mask=mask"),
    ),
    torch(
        "padding in front read as data",
        "masked-bidirectional-final",
        "reference",
        ("order = true_first(mask)", "order = torch.arange(mask.shape[1]).expand(mask.shape)"),
    ),
    torch(
        "outputs left where valid steps were put first",
        "masked-mean",
        "reference",
        ("take_steps(outputs, order.argsort(dim=1))", "outputs"),
    ),
    keras(
        "padding in front cut off like padding at the end",
        "masked-bidirectional-final",
        "reference",
        (
            ")(embedding_w)",
            ")(embedding_w, mask=keras.ops.sort(keras.ops.cast(x != 0, 'int32'))[:, ::-1] > 0)",
        ),
    ),
    torch(
        "the state of a sample without a valid step",
        "masked-bidirectional-final",
        "reference",
        ("empty = (lengths == 0)[:, None]", "empty = (lengths < 0)[:, None]"),
    ),
    torch(
        "violating batch not refused",
        "masked-last-step",
        "shapes",
        ("        check_padding(mask)\n", ""),
    ),
    keras(
        "violating batch not refused",
        "masked-last-step",
        "shapes",
        ("PaddedAtEnd()(x, mask)", "x"),
    ),
    keras(
        "violating tokens not refused",
        "tagger-masked",
        "shapes",
        ("PaddedAtEnd()(words, mask)", "words"),
    ),
    torch(
        "the first two steps, padding or not",
        "masked-first-two",
        "reference",
        ("take_steps(gru_h, order)", "gru_h"),
    ),
    keras(
        "the first two steps, padding or not",
        "masked-first-two",
        "reference",
        ("order = true_first(mask)\n", "order = true_first(ops.ones_like(mask))\n"),
    ),
    torch(
        "attention sees padding",
        "masked-translation",
        "reference",
        ("            attn_mask=some_valid(mask)[:, None],\n", ""),
    ),
    keras(
        "attention sees padding",
        "masked-translation",
        "reference",
        ("        mask=[None, some_valid(mask)],\n", ""),
        ("[decoder, encoder],", "[decoder, encoder + 0.0],"),
    ),
    torch(
        "padding not zero in a result",
        "tagger-masked",
        "reference",
        ("tags.masked_fill(~mask[..., None], 0)", "tags"),
    ),
    keras(
        "padding not zero in a result",
        "tagger-masked",
        "reference",
        ("ZeroMasked()(tags)", "tags"),
    ),
    torch(
        "a step taken for padding by one feature",
        "padding-anywhere",
        "reference",
        ("(x != -1).any(dim=-1)", "x[..., 0] != -1"),
    ),
    torch(
        "padding in front read as data",
        "padding-anywhere",
        "reference",
        ("order = true_first(mask)", "order = torch.arange(mask.shape[1]).expand(mask.shape)"),
    ),
    keras(
        "zeros taken for padding",
        "padding-anywhere",
        "reference",
        ("mask_value=-1.0", "mask_value=0.0"),
    ),
    torch(
        "what marks padding read by a window",
        "sensor-gaps",
        "reference",
        ("        x = x.masked_fill(~mask[..., None], 0)\n", ""),
    ),
    keras(
        "what marks padding read by a window",
        "sensor-gaps",
        "reference",
        (")(masked)", ")(x)"),
    ),
    keras(
        "another id taken for padding",
        "tagger-padding-id",
        "reference",
        ("ops.not_equal(x, 1)", "ops.not_equal(x, 0)"),
    ),
    torch(
        "a mask dropped where rows are joined in time",
        "two-padded-recordings",
        "reference",
        ("torch.cat((mask, mask_2), dim=1)", "torch.cat((mask, torch.ones_like(mask_2)), dim=1)"),
    ),
    keras(
        "a mask dropped where rows are joined in time",
        "two-padded-recordings",
        "reference",
        (
            "ops.concatenate([mask, mask_2], axis=1)",
            "ops.concatenate([ops.ones_like(mask), mask_2], axis=1)",
        ),
    ),
    torch(
        "the last two steps, padding or not",
        "masked-last-two",
        "reference",
        ("take_steps(gru_h, last)", "gru_h[:, -2:]"),
    ),
    keras(
        "the last two steps, padding or not",
        "masked-last-two",
        "reference",
        ("ops.take_along_axis(gru_h, last[..., None], axis=1)", "gru_h[:, -2:]"),
    ),
    keras(
        "a bidirectional row sees padding first",
        "masked-bidirectional-final",
        "reference",
        ("mask_zero=True, ", ""),
    ),
    # Attention.
    keras(
        "attention without its causal mask",
        "transformer-decoder",
        "dependence",
        ("        use_causal_mask=True,\n", ""),
    ),
    torch(
        "attention without its causal mask",
        "transformer-decoder",
        "dependence",
        ("            attn_mask=causal_mask,\n            is_causal=True,\n", ""),
    ),
    torch(
        "a causal mask that hides the past",
        "transformer-decoder",
        "dependence",
        (".triu(1)", ".tril(-1)"),
    ),
    torch(
        "scaled scores", "attention-decoder", "reference", ("1, 2), dim=-1", "1, 2) / 4, dim=-1")
    ),
    torch(
        "query and memory exchanged",
        "attention-decoder",
        "dependence",
        ("gru_d @ gru_e.transpose(1, 2)", "gru_e @ gru_d.transpose(1, 2)"),
        ("weights @ gru_e", "weights @ gru_d"),
    ),
    torch(
        "keys that are not projected by their own weights",
        "attention-additive",
        "reference",
        ("self.key(keys)[:, None]", "torch.zeros_like(self.key(keys))[:, None]"),
    ),
    torch(
        "the vector of an additive attention not applied",
        "attention-additive",
        "reference",
        ("self.score(pairs).squeeze(-1)", "pairs.sum(-1) + 0 * self.score(pairs).squeeze(-1)"),
    ),
    keras(
        "the vector of an additive attention not applied",
        "attention-additive",
        "parameters",
        ("AdditiveAttention(dropout=dropout)", "AdditiveAttention(use_scale=False)"),
    ),
    torch(
        "query and keys of an additive attention exchanged",
        "attention-additive",
        "reference",
        (
            "torch.tanh(self.query(query)[:, :, None] + self.key(keys)[:, None])",
            "torch.tanh(self.query(query)[:, None] + self.key(keys)[:, :, None])",
        ),
    ),
    torch(
        "scores that are not scaled",
        "wide-heads",
        "reference",
        ("        attended = F.", "        q = q * 2\n        attended = F."),
    ),
    keras(
        "heads of another width",
        "wide-heads",
        "reference",
        ("(2, key_dim=3", "(3, key_dim=2"),
    ),
    torch(
        "heads of another width",
        "wide-heads",
        "reference",
        ("unflatten(-1, (self.heads, -1))", "unflatten(-1, (3, -1))"),
    ),
    torch(
        "scores that are not scaled",
        "attention-scaled",
        "reference",
        ("dropout_p=0.1", "scale=1.0,\n            dropout_p=0.1"),
    ),
    keras(
        "scores that are not scaled",
        "attention-scaled",
        "reference",
        ("dense_p / 8**0.5", "dense_p"),
    ),
    torch(
        "the dropout of an attention at another rate",
        "attention-scaled",
        "training",
        ("dropout_p=0.1", "dropout_p=0.6"),
    ),
    torch(
        "keys and values exchanged",
        "named-keys",
        "reference",
        ("gru_d @ dense_k.transpose(1, 2)", "gru_d @ encoder.transpose(1, 2)"),
        ("weights @ encoder", "weights @ dense_k"),
    ),
    keras(
        "keys and values exchanged",
        "named-keys",
        "reference",
        ("[gru_d, encoder, dense_k]", "[gru_d, dense_k, encoder]"),
    ),
    # Values that go astray.
    keras(
        "a repeated vector given once",
        "one-to-many",
        "reference",
        (
            "layers.RepeatVector(5)",
            "layers.RepeatVector(1),\n            layers.ZeroPadding1D((0, 4))",
        ),
    ),
    torch(
        "a repeated vector given once",
        "encoder-decoder",
        "reference",
        (
            "h_n[-1].unsqueeze(1).expand(-1, 3, -1)",
            "nn.functional.pad(h_n[-1].unsqueeze(1), (0, 0, 0, 2))",
        ),
    ),
    torch(
        "two inputs exchanged",
        "siamese",
        "reference",
        ("self.lstm_l(x)", "self.lstm_l(z)"),
        ("_, (lstm_l_2_hidden, _) = self.lstm_l(z)", "_, (lstm_l_2_hidden, _) = self.lstm_l(x)"),
    ),
    keras("two inputs exchanged", "siamese", "reference", ("inputs=[x, z]", "inputs=[z, x]")),
    keras(
        "two outputs exchanged",
        "two-ordinary-outputs",
        "reference",
        ("outputs=[y, z]", "outputs=[z, y]"),
    ),
    torch(
        "features joined in another order",
        "late-fusion",
        "reference",
        (
            "(gru_h_hidden[-1], gru_k_hidden[-1], person)",
            "(person, gru_h_hidden[-1], gru_k_hidden[-1])",
        ),
    ),
    torch(
        "steps joined in another order",
        "broken-chains",
        "dependence",
        ("gru_h.reshape(-1, 6, 8)", "gru_h.reshape(-1, 6, 8).roll(3, 1)"),
    ),
    keras(
        "a residual that goes round nothing",
        "residual",
        "reference",
        ("[lstm_h, x]", "[lstm_h, lstm_h]"),
    ),
    torch(
        "steps mixed with features",
        "many-to-many-aligned",
        "dependence",
        ("self.lstm(x)", "self.lstm(x.transpose(1, 2).reshape(x.shape))"),
    ),
    torch(
        "features flattened before steps",
        "flatten",
        "reference",
        ("x.flatten(1)", "x.transpose(1, 2).flatten(1)"),
    ),
    torch(
        "samples taken for steps", "many-to-many-aligned", "dependence", (", batch_first=True", "")
    ),
    torch(
        "a vector reshaped the other way",
        "forecast-split",
        "reference",
        ("dense_d.unflatten(-1, (3, -1))", "dense_d.unflatten(-1, (2, -1)).transpose(1, 2)"),
    ),
    keras(
        "a convolution that sees the future",
        "causal-convolution",
        "dependence",
        ('"causal"', '"same"'),
    ),
    torch(
        "a convolution padded behind",
        "causal-convolution",
        "dependence",
        ("(1, 0))", "(0, 1))"),
    ),
    torch(
        "dilation forgotten",
        "wavenet-stack",
        "dependence",
        ("nn.Conv1d(8, 8, 2, dilation=2)", "nn.Conv1d(8, 8, 2)"),
        ("(2, 0))", "(1, 0))"),
    ),
    keras("the greatest instead of the mean", "global-average", "reference", ("Average", "Max")),
    torch(
        "an activation forgotten",
        "captioning",
        "reference",
        ("torch.softmax(", "torch.log_softmax("),
    ),
    torch(
        "hard gates as Keras 2 had them",
        "keyword-hard-gates",
        "reference",
        ("F.hardsigmoid(x)", "(0.2 * x + 0.5).clamp(0, 1)"),
    ),
    keras(
        "a leak of Keras's own slope",
        "keyword-hard-gates",
        "reference",
        ("layers.LeakyReLU(negative_slope=0.01)", '"leaky_relu"'),
    ),
    keras(
        "a relu without its limit",
        "keyword-hard-gates",
        "reference",
        ('"relu6"', '"relu"'),
    ),
    torch(
        "the largest instead of the smallest",
        "text-power-means",
        "reference",
        (".amin(", ".amax("),
        ('float("inf")', 'float("-inf")'),
    ),
    keras(
        "a minimum over padded steps",
        "text-power-means",
        "reference",
        ('float("inf")', "0.0"),
    ),
    torch(
        "positions counted from the second on",
        "transformer-positions",
        "reference",
        ("torch.arange(x.shape[1], device=x.device)", "torch.arange(x.shape[1]) + 1"),
    ),
    keras(
        "one code for all steps",
        "transformer-positions",
        "reference",
        ("self.embeddings[:steps]", "self.embeddings[:1]"),
    ),
    torch(
        "sines that are twice as fast",
        "sine-positions",
        "reference",
        ("(exponents / self.features)", "(2 * exponents / self.features)"),
    ),
    keras(
        "all sines before all cosines",
        "sine-positions",
        "reference",
        ("axis=-1)\n        codes", "axis=1)\n        codes"),
    ),
    torch(
        "an initial state that is not trained",
        "learned-initial-state",
        "agreement",
        ("self.start.weight.expand", "self.start.weight.detach().expand"),
    ),
    keras(
        "queries in the opposite order",
        "learned-queries",
        "reference",
        ("self.embeddings[:steps]", "ops.flip(self.embeddings[:steps], axis=0)"),
    ),
    torch(
        "the least probable instead of the most",
        "tags-read-again",
        "reference",
        ("argmax(dim=-1)", "argmin(dim=-1)"),
    ),
    keras(
        "choices of the steps instead of the features",
        "tags-read-again",
        "reference",
        ("ids_c = ops.argmax(dense_s, axis=-1)", "ids_c = ops.argmax(dense_s[:, ::-1], axis=-1)"),
    ),
    torch(
        "a matrix that is not tied",
        "language-model-tied",
        "parameters",
        ("        self.dense_y.weight = self.embedding_m.weight\n", ""),
    ),
    keras(
        "a tied matrix that learns in one place only",
        "language-model-tied",
        "agreement",
        (
            "ops.transpose(self.embedding.embeddings)",
            "ops.stop_gradient(ops.transpose(self.embedding.embeddings))",
        ),
    ),
    torch("a softmax over the steps", "translation", "dependence", ("dim=-1)", "dim=1)")),
    torch(
        "every embedding one row off",
        "translation",
        "reference",
        ("self.embedding_m(x)", "self.embedding_m((x + 1) % 40)"),
    ),
    torch(
        "dropout that is never off",
        "regularized-stack",
        "reference",
        ("self.dropout_p(batchnorm_b)", "nn.functional.dropout(batchnorm_b, 0.3)"),
    ),
    # Learning and saving.
    torch("a gradient that stops", "vanilla-lstm", "agreement", ("h_n[-1]", "h_n[-1].detach()")),
    keras(
        "a layer that does not learn",
        "vanilla-lstm",
        "agreement",
        ('name="lstm")', 'trainable=False, name="lstm")'),
    ),
    torch(
        "a gradient twice as steep",
        "vanilla-lstm",
        "agreement",
        ("h_n[-1])", "h_n[-1] * 2 - h_n[-1].detach())"),
    ),
)
