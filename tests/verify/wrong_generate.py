"""Models that are right as they are trained, and generate something else, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Change, Wrong, keras, torch

PICTURES: dict[str, str] = {
    "frames": """
Y Y Y Y   conv2d(1, 3)
| | | |
H-H-H-H   convlstm(2, 3)
| | | |
X Z Z Z

X = input(4, 3, 1)
Z = input(4, 3, 1, feedback=Y)
""",
    "translating": """
            Y Y ... Y   dense(9, log_softmax)
            | |     |
E-E-E-------D-D-...-D
| | |       | |     |
X X X       Z Z ... Z

X = input(4)
Z = input(9, feedback=Y, choose=true)
E = lstm(5, name=encoder)
D = lstm(5, name=decoder)
""",
    "writing": """
Y Y ... Y   dense(9, softmax)
| |     |
C C ... C   conv(6, 2, tanh, padding=causal)
| |     |
H-H-...-H   gru(6)
| |     |
E E ... E   embedding(5)
| |     |
Z Z ... Z   tokens(9, feedback=Y)
""",
    "captions": """
Y Y Y Y   dense(9)
| | | |
H-H-H-H   lstm(6)
| | | |
I E E E
| | | |
X Z Z Z

X = input(4)
Z = tokens(9, feedback=Y, name=word)
I = dense(5)
E = embedding(5)
""",
    "calendar": """
  Y     Y     Y     Y   dense(2)
  |     |     |     |
  H-----H-----H-----H   gru(5)
 /|    /|    /|    /|
Z |   Z |   Z |   Z |
  C     C     C     C

Z = input(2, feedback=Y)
C = input(3, name=calendar)
""",
    "events": """
  W   W   W   W     dense(7, softmax)
  |   |   |   |
  | T | T | T | T
  |/  |/  |/  |/
  H---H---H---H     gru(5)
 /|  /|  /|  /|
E | E | E | E |     embedding(3)
| Z | Z | Z | Z
|   |   |   |
X   X   X   X

X = tokens(7, feedback=W, name=kind)
Z = input(3, feedback=T, name=place)
T = dense(3)
""",
    "asking": """
            Y   Y   Y   dense(7)
            |   |   |
E-E-E-------D---D---D
| | |      /|  /|  /|
| | |     C | C | C |
| | |     | | | | | |
| | |     d | d | d |
| | |       |   |   |
X X X       V   V   V
            |   |   |
            Z   Z   Z

X = input(3)
Z = tokens(7, feedback=Y)
V = embedding(3)
E = gru(4)
D = gru(4)
C = attention(E, heads=2)
""",
    "attending": r"""
Y   Y   Y   Y   dense(7)
|   |   |   |
R   R   R   R   add
|\  |\  |\  |\
| T | T | T | T
|/  |/  |/  |/
A   A   A   A   add
|\  |\  |\  |\
| P | P | P | P   position(4, most=20)
|   |   |   |
W   W   W   W   embedding(4)
|   |   |   |
Z   Z   Z   Z

Z = tokens(7, feedback=Y)
T = attention(A, heads=2, causal=true)
""",
    "padded": """
Y Y Y Y   dense(7)
| | | |
H-H-H-H   gru(4)
| | | |
I E E E
| | | |
X Z Z Z

X = input(4)
Z = tokens(7, feedback=Y)
I = dense(5)
E = embedding(5, mask=true)
""",
    "padded loop": """
  Y   Y   Y   Y   dense(2)
  |   |   |   |
  T   T   T   T   dense(3, tanh)
  |   |   |   |
  D---D---D---D   gru(4)
 /|  /|  /|  /|
t | t | t | t |
  |   |   |   |
  Z   Z   Z   Z   input(2, feedback=Y, mask=-1)
""",
    "forecasting": """
Y Y Y Y   dense(2)
| | | |
H-H-H-H   gru(5)
| | | |
Z Z Z Z   input(2, feedback=Y)
""",
}


def numpy(what: str, picture: str, check: str, *changes: Change) -> Wrong:
    return Wrong(what, picture, "numpy", check, changes)


_ADVANCE = "y, gru_h_state, conv_c_state = self.decode(z, gru_h_state, conv_c_state)"

WRONG: tuple[Wrong, ...] = (
    torch(
        "a padded prompt that goes on from its last step",
        "padded",
        "generate",
        ("        y = last_valid(y, mask, y_before)\n", ""),
    ),
    numpy(
        "a padded step that goes on from nothing where the piece has no valid one",
        "padded",
        "generate",
        ("_last_valid(y, mask, y_before)", "_last_valid(y, mask)"),
    ),
    torch(
        "a loop that goes on from a padded step",
        "padded loop",
        "generate",
        ("        dense_t = last_valid(dense_t, mask, dense_t_before[:, -1])\n", ""),
    ),
    keras(
        "a loop that goes on from what was before its last step",
        "padded loop",
        "generate",
        ("(y, gru_d_state, dense_t, y[:, -1:])", "(y, gru_d_state, dense_t_before, y[:, -1:])"),
    ),
    keras(
        "a padded prompt that goes on from what was before it",
        "padded",
        "generate",
        ("(y, gru_h_state, y[:, -1:])", "(y, gru_h_state, y_before)"),
    ),
    torch(
        "a known future that is read one step late",
        "calendar",
        "generate",
        ("begin += z.shape[1]", "begin += z.shape[1] - (begin == 0)"),
    ),
    numpy(
        "only the first step of a known future",
        "calendar",
        "generate",
        ("begin += z.shape[1]", "begin += 0"),
    ),
    torch(
        "two values that are fed back to each other's input",
        "events",
        "generate",
        (
            "place = t[:, -1:]",
            "place = torch.softmax(w[:, -1:, :3], dim=-1)",
        ),
    ),
    numpy(
        "a sample that goes on in one input where it has stopped in the other",
        "events",
        "generate",
        ("place = np.where(ended[:, None], before, place)", "pass"),
    ),
    torch(
        "a state that is not carried on",
        "forecasting",
        "generate",
        ("y, gru_h_state = self.decode(z, gru_h_state)", "y, _ = self.decode(z, None)"),
    ),
    torch(
        "the last inputs of a convolution that do not move on",
        "writing",
        "generate",
        (
            _ADVANCE,
            "y, gru_h_state, kept = self.decode(z, gru_h_state, conv_c_state)\n"
            "            conv_c_state = kept if conv_c_state is None else conv_c_state",
        ),
    ),
    numpy(
        "the first inputs of a convolution kept",
        "writing",
        "generate",
        ("conv_c_steps[:, -1:]", "conv_c_steps[:, :1]"),
    ),
    torch(
        "ids drawn where the most probable one is to be taken",
        "writing",
        "generate",
        (
            "if temperature == 0:\n        return probabilities.argmax(dim=-1)",
            "temperature = temperature or 1.0",
        ),
    ),
    torch(
        "the most probable id where one is to be drawn",
        "writing",
        "generate",
        ("if temperature == 0:", "if temperature >= 0:"),
    ),
    torch(
        "`stop` without effect",
        "writing",
        "generate",
        ("ids = ids.masked_fill(generated[-1] == stop, stop)", "pass"),
        (
            "            if stop is not None and bool((ids == stop).all()):\n                break\n",
            "",
        ),
    ),
    numpy(
        "a run that goes on when all have stopped",
        "writing",
        "generate",
        ("                break\n", "                pass\n"),
    ),
    torch(
        "a run that ends when one sample has stopped",
        "writing",
        "generate",
        ("(ids == stop).all()", "(ids == stop).any()"),
    ),
    torch(
        "what is fed is one step behind",
        "writing",
        "generate",
        ("z = ids[:, None]", "z = generated[max(len(generated) - 2, 0)][:, None]"),
    ),
    torch(
        "the encoder reads its input in the opposite order",
        "translating",
        "generate",
        ("= self.encode(x)", "= self.encode(x.flip(1))"),
    ),
    torch(
        "the encoder runs for each step",
        "translating",
        "generate",
        (
            "        for _ in range(steps):\n",
            "        for _ in range(steps):\n            self.encode(x)\n",
        ),
    ),
    numpy(
        "the decoder begins at zero",
        "translating",
        "generate",
        (
            "decoder_state = self.encode(x)",
            "decoder_state = tuple(0 * part for part in self.encode(x))",
        ),
    ),
    torch(
        "a temperature by which logits are multiplied",
        "translating",
        "generate",
        ("logits / temperature", "logits * temperature"),
    ),
    torch(
        "probabilities taken for logits",
        "writing",
        "generate",
        ("likely ** (1 / temperature)", "torch.exp(likely / temperature)"),
    ),
    numpy(
        "logits without their noise scaled",
        "translating",
        "generate",
        ("random.gumbel(size=logits.shape)", "random.standard_normal(logits.shape)"),
    ),
    torch(
        "the last step of the prompt left out",
        "writing",
        "generate",
        (
            "z = start[:, None] if start.dim() == 1 else start",
            "z = start[:, :-1] if start.shape[1] > 1 else start",
        ),
    ),
    torch(
        "the prompt without its first steps",
        "writing",
        "generate",
        ("z = start[:, None] if start.dim() == 1 else start", "z = start[:, -1:]"),
    ),
    torch(
        "the image seen again before each word",
        "captions",
        "generate",
        ("ids = choose_id(", "_, lstm_h_state = self.encode(x)\n            ids = choose_id("),
    ),
    numpy(
        "a seed that is not used",
        "writing",
        "generate",
        ("np.random.default_rng(seed)", "np.random.default_rng()"),
    ),
    numpy(
        "the prompt as the first of what is generated",
        "captions",
        "generate",
        (
            "return np.stack(generated, axis=1)",
            "return np.stack([generated[0], *generated[:-1]], axis=1)",
        ),
    ),
    torch(
        "the value before the last",
        "forecasting",
        "generate",
        ("z = y[:, -1:]", "z = y[:, :1]"),
    ),
    torch("no `generate`", "forecasting", "generate", ("def generate(", "def _generate(")),
    keras(
        "a state that is not carried on",
        "forecasting",
        "generate",
        (
            "y, gru_h_state = decode(model, z, gru_h_state)\n        z =",
            "y, _ = decode(model, z, gru_h_state)\n        z =",
        ),
    ),
    keras(
        "the prompt without its first steps",
        "writing",
        "generate",
        ("range(prompt.shape[1] - 1)", "range(0)"),
    ),
    keras(
        "a loop that begins anew at each step",
        "asking",
        "generate",
        ("gru_d_state, gru_d[:, None])", "gru_d_state, gru_d_before)"),
    ),
    numpy(
        "a loop that reads what it gave two steps before",
        "asking",
        "generate",
        ("return y, gru_d_state, gru_d", "return y, gru_d_state, gru_d_before"),
    ),
    keras(
        "projected values in the place of keys",
        "attending",
        "generate",
        (".key_dense(", ".value_dense("),
    ),
    keras(
        "keys of a memory that are projected as its values",
        "asking",
        "generate",
        (".key_dense(", ".value_dense("),
    ),
    keras(
        "the number of the step before",
        "attending",
        "generate",
        ("steps=begin + 1", "steps=max(begin, 1)"),
    ),
    numpy(
        "keys and values that do not move on",
        "attending",
        "generate",
        ("begin, self.steps = self.steps, self.steps + x", "begin, self.steps = 0, 0 + x"),
    ),
    numpy(
        "a prompt whose steps do not read themselves",
        "attending",
        "generate",
        (
            "np.tri(queries, steps, steps - queries, dtype=bool)",
            "np.tri(queries, steps, steps - queries - 1) > 0",
        ),
    ),
    numpy(
        "steps that have the number of the first one",
        "attending",
        "generate",
        ("[begin : begin + z.shape[1]]", "[: z.shape[1]]"),
    ),
    torch(
        "the first predicted frame of a prompt is the next input",
        "frames",
        "generate",
        ("z = y[:, -1:]", "z = y[:, :1]"),
    ),
    torch(
        "frames whose state is lost after each piece",
        "frames",
        "generate",
        ("self.convlstm_h(z, convlstm_h_state)", "self.convlstm_h(z, None)"),
    ),
    keras(
        "a state of frames that does not pass on",
        "frames",
        "generate",
        (
            "keras.tree.map_structure(ops.stop_gradient, (y, convlstm_h_state))",
            "keras.tree.map_structure(lambda x: 0 * x, (y, convlstm_h_state))",
        ),
    ),
)
