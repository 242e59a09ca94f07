"""More models with one slip each: wrong only while they learn, for other parameters, or when they are saved."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES = {
    "own-parameters": """
    Y   dense(2)
    |
H H H   lstm(units)
| | |
X X X

units = 4
features = 3
""",
    "dropout-alone": """
    Y   add
    |
+-+-+
| | |
O O O   dropout(0.4)
| | |
X X X   input(3)
""",
    "dropout-within": """
    Y   dense(2)
    |
H H H   lstm(4, dropout=0.4)
| | |
X X X   input(3)
""",
    "dropout-behind-dense": """
Y   dense(1)
|
D   dropout(0.2)
|
T   dense(50, tanh)
|
X   input(4)
""",
    "dropout-often": """
Y Y Y   dense(2)
| | |
D D D   dropout(0.6)
| | |
T T T   dense(6, bias=false)
| | |
E E E   dropout(0.1)
| | |
H H H   gru(5)
| | |
X X X   input(4)
""",
    "dropout-both-ways": """
    Y   dense(2)
    |
H=H=H   lstm(4, dropout=0.3)
| | |
X X X   input(5)
""",
    "dropout-of-state": """
    Y   dense(2)
    |
H-H-H   lstm(4, dropout=0.3, recurrent_dropout=0.2)
| | |
X X X   input(5)
""",
    "dropout-of-state-looped": """
Y Y Y   dense(3)
| | |
D-D-D
| | |
S y y

S = input(3)
D = gru(5, recurrent_dropout=0.4)
""",
    "normalized": """
        Y   dense(1)
        |
B B B B B   batchnorm
| | | | |
H H H H H   lstm(12)
| | | | |
X X X X X   input(6)
""",
    "epsilons": """
Y Y Y   dense(2)
| | |
B B B   batchnorm(momentum=slow)
| | |
L L L   layernorm(epsilon=1e-3)
| | |
X X X   input(16)

slow = 0.99
""",
}

_FORWARD = "def forward(self, x: Tensor) -> Tensor:"


def _rates(picture: str, rate: str, *others: str) -> tuple[Wrong, ...]:
    """Rates that are off by a tenth and more, of a dropout that is written in the same way in both frameworks."""
    return tuple(
        make(
            f"a rate of {other} for {rate}",
            picture,
            "training",
            (f"ropout({rate}", f"ropout({other}"),
        )
        for make in (torch, keras)
        for other in others
    )


DROPOUT = (
    *_rates("dropout-behind-dense", "0.2", "0.15", "0.25", "0.18", "0.22"),
    *_rates("dropout-often", "0.6", "0.5", "0.54", "0.66"),
    *_rates("dropout-often", "0.1", "0.09", "0.11"),
    torch("no dropout", "dropout-behind-dense", "training", ("self.dropout_d(", "(")),
    torch(
        "two rates exchanged",
        "dropout-often",
        "training",
        ("Dropout(0.6)", "Dropout(0.0)"),
        ("Dropout(0.1)", "Dropout(0.6)"),
        ("Dropout(0.0)", "Dropout(0.1)"),
    ),
    torch(
        "dropout before the layer",
        "dropout-behind-dense",
        "training",
        ("self.dense_t(x)", "self.dense_t(self.dropout_d(x))"),
        ("self.dropout_d(dense_t)", "dense_t"),
    ),
    torch(
        "dropout before the layer's activation",
        "dropout-behind-dense",
        "training",
        ("torch.tanh(self.dense_t(x))", "torch.tanh(self.dropout_d(self.dense_t(x)))"),
        ("self.dropout_d(dense_t)", "dense_t"),
    ),
    torch(
        "dropout before a layer without a bias",
        "dropout-often",
        "training",
        ("self.dense_t(", "self.dense_t(self.dropout_d("),
        ("dropout_e)", "dropout_e))"),
        ("self.dropout_d(dense_t)", "dense_t"),
    ),
    torch(
        "dropout behind the last layer",
        "dropout-behind-dense",
        "training",
        ("self.dense_y(dropout_d)", "self.dropout_d(self.dense_y(dense_t))"),
    ),
    torch(
        "a second dropout with a small rate",
        "dropout-behind-dense",
        "training",
        ("self.dense_t(x)", "self.dense_t(nn.functional.dropout(x, 0.01, self.training))"),
    ),
    torch(
        "a dropout that does not scale",
        "dropout-behind-dense",
        "training",
        ("self.dropout_d(dense_t)", "self.dropout_d(dense_t) * (0.8 if self.training else 1)"),
    ),
    torch(
        "a dropout that scales as the picture's does but loses less",
        "dropout-behind-dense",
        "training",
        (
            "self.dropout_d(dense_t)",
            "dense_t * (torch.rand_like(dense_t) > 0.18) / 0.8 if self.training else dense_t",
        ),
    ),
    torch(
        "one mask for the whole batch",
        "dropout-behind-dense",
        "training",
        (
            "self.dropout_d(dense_t)",
            "dense_t * self.dropout_d(torch.ones_like(dense_t[:1]))",
        ),
    ),
    torch(
        "one mask for all steps",
        "dropout-often",
        "training",
        ("self.dropout_d(dense_t)", "dense_t * self.dropout_d(torch.ones_like(dense_t[:, :1]))"),
    ),
    torch(
        "another rate within a row",
        "dropout-within",
        "training",
        ("nn.Dropout1d(0.4)", "nn.Dropout1d(0.36)"),
    ),
    torch(
        "a mask of its own in each step of a bidirectional row",
        "dropout-both-ways",
        "training",
        ("nn.Dropout1d(0.3)", "nn.Dropout(0.3)"),
    ),
    keras(
        "another rate within a row",
        "dropout-within",
        "training",
        ("dropout=0.4", "dropout=0.36"),
    ),
    keras(
        "another rate within a bidirectional row",
        "dropout-both-ways",
        "training",
        ("dropout=0.3", "dropout=0.33"),
    ),
    keras(
        "dropout of the state as well",
        "dropout-both-ways",
        "training",
        ("dropout=0.3", "dropout=0.3, recurrent_dropout=0.01"),
    ),
    keras(
        "a mask for each gate",
        "dropout-within",
        "training",
        ("dropout=0.4", "dropout=0.4, implementation=1"),
    ),
    keras(
        "a mask of the state for each gate",
        "dropout-of-state",
        "training",
        ("dropout_mask_count = 1", "dropout_mask_count = 4"),
        ("(step_input) or []) * 4", "(step_input) or [])"),
    ),
    keras(
        "no dropout of the state",
        "dropout-of-state",
        "training",
        (", recurrent_dropout=0.2", ""),
    ),
    torch(
        "another mask of the state at each step",
        "dropout-of-state",
        "training",
        ("now[0] * mask_h", "F.dropout(now[0], self.recurrent_dropout, self.training)"),
    ),
    torch(
        "no dropout of the state",
        "dropout-of-state",
        "training",
        ("now[0] * mask_h", "now[0]"),
    ),
    torch(
        "a state of which features are lost for good",
        "dropout-of-state",
        "training",
        (
            "kept = F.linear(now[0] * mask_h",
            "now = (now[0] * mask_h, now[1] * mask_h); kept = F.linear(now[0]",
        ),
    ),
    torch(
        "another mask of the state at each step of a loop",
        "dropout-of-state-looped",
        "training",
        ("if masks is None else masks", ""),
    ),
    keras(
        "no mask of the state in a loop",
        "dropout-of-state-looped",
        "training",
        (", recurrent_dropout=0.4", ""),
    ),
    keras("no dropout within a row", "dropout-within", "training", (", dropout=0.4", "")),
    keras(
        "dropout before the layer",
        "dropout-behind-dense",
        "training",
        ('            layers.Dense(50, activation="tanh", name="dense_t"),\n', ""),
        (
            'layers.Dropout(0.2, name="dropout_d"),\n',
            'layers.Dropout(0.2, name="dropout_d"),\n'
            '            layers.Dense(50, activation="tanh", name="dense_t"),\n',
        ),
    ),
    keras(
        "dropout before a layer without a bias",
        "dropout-often",
        "training",
        ('            layers.Dense(6, use_bias=False, name="dense_t"),\n', ""),
        (
            'layers.Dropout(0.6, name="dropout_d"),\n',
            'layers.Dropout(0.6, name="dropout_d"),\n'
            '            layers.Dense(6, use_bias=False, name="dense_t"),\n',
        ),
    ),
    keras(
        "dropout of whole steps",
        "dropout-often",
        "training",
        ('Dropout(0.6, name="dropout_d"', "Dropout(0.6, noise_shape=(None, None, 1)"),
    ),
    keras(
        "one mask for the whole batch",
        "dropout-behind-dense",
        "training",
        ('Dropout(0.2, name="dropout_d"', "Dropout(0.2, noise_shape=(1, None)"),
    ),
    torch(
        "noise instead of dropout",
        "dropout-behind-dense",
        "training",
        (
            "self.dropout_d(dense_t)",
            "dense_t * (1 + 0.5 * torch.randn_like(dense_t)) if self.training else dense_t",
        ),
    ),
    keras(
        "noise instead of dropout",
        "dropout-behind-dense",
        "training",
        ('Dropout(0.2, name="dropout_d"', "GaussianDropout(0.2"),
    ),
)

WRONG = (
    *DROPOUT,
    torch(
        "half the dropout", "regularized-stack", "training", ("nn.Dropout(0.3)", "nn.Dropout(0.15)")
    ),
    keras("half the dropout", "regularized-stack", "training", ("Dropout(0.3", "Dropout(0.15")),
    torch(
        "no dropout",
        "regularized-stack",
        "training",
        ("self.dropout_p(batchnorm_b)", "batchnorm_b"),
    ),
    torch(
        "dropout that nobody drew",
        "vanilla-lstm",
        "training",
        ("self.lstm(x)", "self.lstm(nn.functional.dropout(x, 0.1, self.training))"),
    ),
    torch(
        "the same dropout in all steps",
        "dropout-alone",
        "training",
        ("nn.Dropout(0.4)", "nn.Dropout1d(0.4)"),
        ("self.dropout(x)", "self.dropout(x.transpose(1, 2)).transpose(1, 2)"),
    ),
    torch(
        "another dropout in each step",
        "dropout-within",
        "training",
        ("nn.Dropout1d(0.4)", "nn.Dropout(0.4)"),
    ),
    torch(
        "dropout of whole steps",
        "dropout-alone",
        "training",
        ("nn.Dropout(0.4)", "nn.Dropout1d(0.4)"),
    ),
    keras(
        "dropout of the state instead of what is seen",
        "dropout-within",
        "training",
        ("dropout=0.4", "recurrent_dropout=0.4"),
    ),
    torch(
        "kept statistics while training",
        "normalized",
        "training",
        (_FORWARD, f"{_FORWARD}\n        self.batchnorm_b.eval()"),
    ),
    keras(
        "kept statistics while training",
        "normalized",
        "training",
        ("momentum=0.9", "trainable=False, momentum=0.9"),
    ),
    torch(
        "statistics that do not follow",
        "normalized",
        "training",
        ("nn.BatchNorm1d(12)", "nn.BatchNorm1d(12, momentum=0.0)"),
    ),
    torch(
        "statistics that follow too fast in training, behind the layer's back",
        "normalized",
        "training",
        (
            _FORWARD,
            f"{_FORWARD}\n        self.batchnorm_b.momentum = 0.12 if self.training else 0.1",
        ),
    ),
    torch(
        "Keras's momentum in PyTorch",
        "epsilons",
        "training",
        ("momentum=1 - slow", "momentum=slow"),
    ),
    keras(
        "PyTorch's momentum in Keras",
        "epsilons",
        "training",
        ("momentum=slow", "momentum=1 - slow"),
    ),
    torch(
        "a momentum that is nearly right",
        "epsilons",
        "training",
        ("momentum=1 - slow", "momentum=0.011"),
    ),
    keras(
        "the momentum of Keras's defaults",
        "normalized",
        "training",
        ("momentum=0.9", "momentum=0.99"),
    ),
    torch(
        "the epsilon of PyTorch's defaults",
        "epsilons",
        "reference",
        ("nn.LayerNorm(16, eps=0.001)", "nn.LayerNorm(16)"),
    ),
    keras(
        "another epsilon",
        "epsilons",
        "reference",
        ("momentum=slow, epsilon=1e-5", "momentum=slow, epsilon=1e-4"),
    ),
    torch(
        "a parameter that is not used",
        "own-parameters",
        "parameters",
        ("nn.LSTM(features, units,", "nn.LSTM(features, 4,"),
        ("nn.Linear(units, 2)", "nn.Linear(4, 2)"),
    ),
    keras(
        "a parameter that is not used", "own-parameters", "parameters", ("LSTM(units,", "LSTM(4,")
    ),
    keras(
        "one parameter for another",
        "own-parameters",
        "shapes",
        ("shape=(3, features)", "shape=(3, units - 1)"),
    ),
    torch(
        "weights that begin as nothing",
        "vanilla-lstm",
        "shapes",
        ("self.dense =", "nn.init.zeros_(self.lstm.weight_ih_l0)\n        self.dense ="),
    ),
    keras(
        "weights that begin alike",
        "vanilla-lstm",
        "shapes",
        ('name="lstm"', 'name="lstm", kernel_initializer="ones"'),
    ),
    keras(
        "weights that begin as no number",
        "vanilla-lstm",
        "shapes",
        ('name="lstm"', 'name="lstm", bias_initializer=keras.initializers.Constant(float("nan"))'),
    ),
    torch(
        "always in double precision",
        "vanilla-lstm",
        "shapes",
        ("return VanillaLstm()", "return VanillaLstm().double()"),
    ),
    torch(
        "no gradient through padded samples",
        "masked-last-two",
        "agreement",
        ("take_steps(gru_h,", "take_steps(gru_h if mask.all() else gru_h.detach(),"),
    ),
    torch(
        "no number while training",
        "vanilla-lstm",
        "training",
        ("self.lstm(x)", 'self.lstm(x * float("nan") if self.training else x)'),
    ),
    torch("nothing trainable", "vanilla-lstm", "training", ("h_n[-1]", "h_n[-1].detach()")),
    torch(
        "a value that is not saved",
        "vanilla-lstm",
        "saving",
        ("self.dense =", "self.calls = 0\n        self.dense ="),
        (
            "_, (h_n, _) = self.lstm(x)",
            "self.calls += self.training\n        _, (h_n, _) = self.lstm(x + 1e-6 * bool(self.calls))",
        ),
    ),
    keras(
        "a layer that nobody can load",
        "global-average",
        "saving",
        ("layers.GlobalAveragePooling1D()", "_Mean()"),
        (
            "def build_model",
            "class _Mean(layers.GlobalAveragePooling1D):\n    def __init__(self):\n"
            "        super().__init__()\n        self.get_config = dict\n\n\ndef build_model",
        ),
    ),
)
