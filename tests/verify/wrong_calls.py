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
)
