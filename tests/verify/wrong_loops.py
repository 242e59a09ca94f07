"""Models whose loops are not those of the picture, step after step, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES: dict[str, str] = {
    "loop-asked-before": """
                  Y   Y   Y
                  |   |   |
E-E-E-E-----------D---D---D
| | | |          /|  /|  /|
| | | |         C | C | C |
| | | |         | | | | | |
| | | |         d | d | d |
| | | |           |   |   |
X X X X           Z   Z   Z

X = input(3)
Z = input(2)
E = gru(6, name=encoder)
D = gru(6, name=decoder)
C = attention(E, score=additive)
Y = dense(4)
""",
    "loop-own-output": """
      Y Y Y Y   dense(2)
      | | | |
E-E-E-D-D-D-D
| | | | | | |
X X X S y y y

X = input(3)
S = input(2)
E = gru(8)
D = gru(8)
""",
    "loop-two-fed-back": """
    Z     Z     Z     Z
    |     |     |     |
  Y |   Y |   Y |   Y |
  |/    |/    |/    |/
  H     H     H     H
 /|\\   /|\\   /|\\   /|\\
y z X y z X y z X y z X

X = input(3)
H = dense(8, tanh)
Y = dense(1)
Z = dense(2)
""",
    "loop-masked": """
  Y   Y   Y   Y
  |   |   |   |
  D---D---D---D
 /|  /|  /|  /|
S Z y Z y Z y Z

S = input(3)
Z = input(2, mask=0)
D = gru(6)
Y = dense(3)
""",
}

WRONG: tuple[Wrong, ...] = (
    torch(
        "what is fed back is two steps old",
        "loop-two-fed-back",
        "reference",
        (
            "            y = self.dense_y(dense_h)\n",
            "            y, y_new = y_new if step else y, self.dense_y(dense_h)\n",
        ),
        ("y_steps.append(y)", "y_steps.append(y_new)"),
    ),
    torch(
        "the start is ignored",
        "loop-own-output",
        "dependence",
        ("        y = s\n", "        y = torch.zeros_like(s)\n"),
    ),
    torch(
        "the state is not kept from step to step",
        "loop-own-output",
        "reference",
        ("gru_d, gru_d_state = self.gru_d(", "gru_d, _ = self.gru_d("),
    ),
    torch(
        "the value of the same step instead of the step before",
        "loop-two-fed-back",
        "reference",
        (
            "z = self.dense_z(dense_h)",
            "joined = torch.cat((y, z, x[:, step]), dim=-1)\n"
            "            z = self.dense_z(torch.tanh(self.dense_h(joined)))",
        ),
    ),
    torch(
        "the query of the same step",
        "loop-asked-before",
        "reference",
        (
            "attention_c = self.attention_c(decoder",
            "now = torch.cat((decoder, z[:, step]), dim=-1).unsqueeze(1)\n"
            "            asked = self.decoder(now, decoder_state)[0][:, 0]\n"
            "            attention_c = self.attention_c(asked",
        ),
    ),
    torch(
        "only the last output is kept",
        "loop-own-output",
        "reference",
        ("return torch.stack(y_steps, dim=1)", "return torch.stack(y_steps[-1:] * 4, dim=1)"),
    ),
    keras(
        "the start is ignored",
        "loop-own-output",
        "dependence",
        ("(s, [", "(ops.zeros_like(s), ["),
    ),
    keras(
        "the state is not kept from step to step",
        "loop-own-output",
        "reference",
        ("gru_d, gru_d_state = self.gru_d_layer.cell(", "gru_d, _ = self.gru_d_layer.cell("),
    ),
    keras(
        "one of two values is not fed back",
        "loop-two-fed-back",
        "reference",
        ("ops.concatenate([y, z, x_now]", "ops.concatenate([y, ops.zeros_like(z), x_now]"),
    ),
    keras(
        "only the last output is kept",
        "loop-two-fed-back",
        "dependence",
        ("[ops.swapaxes(y, 0, 1)", "[ops.repeat(ops.swapaxes(y, 0, 1)[:, -1:], 4, axis=1)"),
    ),
    torch(
        "the mask is dropped in the loop",
        "loop-masked",
        "reference",
        ("valid = mask[:, step]", "valid = torch.ones_like(mask[:, step])"),
    ),
    torch(
        "the state goes on at padded steps",
        "loop-masked",
        "reference",
        ("torch.where(valid[:, None], new_state, gru_d_state)", "new_state"),
    ),
    torch(
        "what is fed back comes from a padded step",
        "loop-masked",
        "reference",
        ("torch.where(valid[:, None], y, y_before)", "y"),
    ),
    keras(
        "the state goes on at padded steps",
        "loop-masked",
        "reference",
        ("valid_state(mask_now, new_state, gru_d_state)", "new_state"),
    ),
    keras(
        "what is fed back comes from a padded step",
        "loop-masked",
        "reference",
        ("ops.where(mask_now[:, None], y, y_before)", "y"),
    ),
)
