"""More models with one slip each: wrong only while they learn, for other parameters, or when they are saved."""

from __future__ import annotations

from tests.verify.wrong_models import keras, torch

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
    "normalized": """
        Y   dense(1)
        |
B B B B B   batchnorm
| | | | |
H H H H H   lstm(12)
| | | | |
X X X X X   input(6)
""",
}

_FORWARD = "def forward(self, x: Tensor) -> Tensor:"

WRONG = (
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
        ("gru_h.take_along_dim(", "(gru_h if mask.all() else gru_h.detach()).take_along_dim("),
    ),
    torch(
        "no number while training",
        "vanilla-lstm",
        "training",
        ("self.lstm(x)", 'self.lstm(x * float("nan") if self.training else x)'),
    ),
    torch("nothing learnt", "vanilla-lstm", "training", ("lstm_h[-1]", "lstm_h[-1].detach()")),
    torch(
        "a value that is not saved",
        "vanilla-lstm",
        "saving",
        ("self.dense =", "self.calls = 0\n        self.dense ="),
        (
            "_, (lstm_h, _) = self.lstm(x)",
            "self.calls += self.training\n        _, (lstm_h, _) = self.lstm(x + 1e-6 * bool(self.calls))",
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
