"""Models that apply other models of their file otherwise than the picture says, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES = {
    "each-step": """
model part

V   dense(units, tanh)
|
X   input(3)

units = 2

model whole

T T T   part(units=4)
| | |
Z Z Z   input(3)
""",
    "normalized-each-step": """
model part

F   batchnorm
|
N   dense(2)
|
V   input(3)

model whole

Q Q Q   dense(3)
| | |
L L L   part
| | |
G G G   input(3)
""",
    "gpt-of-blocks": """
model mixer

A   A   ... A
|\\  |\\      |\\
| T | T ... | T
|/  |/      |/
X   X   ... X

X = input(6)
T = attention(X, causal=true)
A = add

model writer

Y Y ... Y
| |     |
S S ... S   mixer
| |     |
R R ... R   mixer
| |     |
W W ... W
| |     |
Z Z ... Z   tokens(9, feedback=Y)

W = embedding(6)
Y = dense(tied=W, bias=false)
""",
}

WRONG: tuple[Wrong, ...] = (
    torch(
        "weights that two places of one letter do not share",
        "two-towers",
        "parameters",
        (
            "        self.dense_y",
            "        self.tower_u = Tower()\n        self.dense_y",
        ),
        ("self.tower_t(second)", "self.tower_u(second)"),
    ),
    keras(
        "weights that two places of one letter do not share",
        "two-towers",
        "parameters",
        ("tower_t_layer(second)", 'build_tower(name="tower_u")(second)'),
    ),
    torch(
        "weights that two letters share",
        "transformer-blocks",
        "parameters",
        ("self.block_s = Block(width=12, heads=3)", "self.block_s = self.block_r"),
    ),
    torch(
        "one model twice where another one comes second",
        "transformer-blocks",
        "reference",
        ("self.block_s(block_r)", "self.block_r(block_r)"),
    ),
    torch(
        "a value that a call gives, and the model does not get",
        "tcn-blocks",
        "reference",
        ("Dilated(dilation=4)", "Dilated()"),
    ),
    torch(
        "another number of heads than the call gives",
        "transformer-blocks",
        "reference",
        ("self.block_r = Block(width=12, heads=3)", "self.block_r = Block(width=12, heads=2)"),
    ),
    keras(
        "another number of heads than the call gives",
        "transformer-blocks",
        "reference",
        (
            'build_block(width=12, heads=3, name="block_s")',
            'build_block(width=12, heads=2, name="block_s")',
        ),
    ),
    torch(
        "a model of a row that is applied to each step",
        "transformer-blocks",
        "reference",
        (
            "self.block_r(embedding_w)",
            "self.block_r(embedding_w.flatten(0, 1)[:, None]).reshape(embedding_w.shape)",
        ),
    ),
    torch(
        "two values of one model exchanged",
        "two-towers",
        "reference",
        ("(tower_t_1, tower_t_2)", "(tower_t_2, tower_t_1)"),
    ),
    torch(
        "steps and samples exchanged where a model is applied to each step",
        "each-step",
        "reference",
        ("z.flatten(0, 1)", "z.transpose(0, 1).flatten(0, 1)"),
    ),
    torch(
        "an application that is left out",
        "tcn-blocks",
        "reference",
        ("self.dilated_c(dilated_b)", "self.dilated_c(dilated_a)"),
    ),
    keras(
        "a model with the values of another call",
        "tcn-blocks",
        "reference",
        ("build_dilated(dilation=4", "build_dilated(dilation=2"),
    ),
    keras(
        "steps of a called model that are normalized each by itself",
        "normalized-each-step",
        "training",
        ("EachStep(build", "layers.TimeDistributed(build"),
    ),
    torch(
        "keys and values of one block that another one reads",
        "decoder-only-stack",
        "generate",
        (
            "decode(causal_block_r, causal_block_s_past)",
            "decode(causal_block_r, causal_block_r_past)",
        ),
    ),
    keras(
        "steps of one block that another one reads",
        "decoder-only-stack",
        "generate",
        (
            "causal_block_r,\n        causal_block_s_past",
            "causal_block_r,\n        causal_block_r_past",
        ),
    ),
    torch(
        "positions off by one where the model runs free",
        "decoder-only-stack",
        "generate",
        (
            "torch.arange(begin, begin + z.shape[1]",
            "torch.arange(begin + 1, begin + 1 + z.shape[1]",
        ),
    ),
    keras(
        "positions off by one where the model runs free",
        "decoder-only-stack",
        "generate",
        ("steps=begin + 1", "steps=begin + 2"),
    ),
    torch(
        "the weights of one block in the place of another's",
        "decoder-only-stack",
        "generate",
        ("self.causal_block_s.decode(", "self.causal_block_r.decode("),
    ),
    keras(
        "the weights of one block in the place of another's",
        "translation-of-blocks",
        "generate",
        (
            'model.get_layer("reading_block_e")(reading_block_g)',
            'model.get_layer("reading_block_g")(reading_block_g)',
        ),
    ),
    torch(
        "a matrix of its own where the embedding's is used",
        "gpt-of-blocks",
        "parameters",
        ("        self.dense_y.weight = self.embedding_w.weight\n", ""),
    ),
    torch(
        "the state of one block that another one goes on with",
        "char-rnn-residual-blocks",
        "generate",
        (
            "residual_block_r,\n            residual_block_s_state",
            "residual_block_r,\n            residual_block_r_state",
        ),
    ),
    Wrong(
        "the weights of one block in the place of another's",
        "char-rnn-residual-blocks",
        "numpy",
        "generate",
        (("self.residual_block_s.decode(", "self.residual_block_r.decode("),),
    ),
    torch(
        "an image that is read with its axes in another order",
        "image-caption-grid",
        "reference",
        ("self.conv2d_c(image)", "self.conv2d_c(image.transpose(2, 3))"),
    ),
)
