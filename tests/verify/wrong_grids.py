"""Models of steps that hold grids, each with one slip in its axes, windows or weights, and what must catch it."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES = {
    # As many features as places a side: nothing in the shapes tells one axis from another.
    "cube": """
Y Y Y   dense(2)
| | |
M M M   mean(grid)
| | |
C C C   conv2d(4, 3, tanh)
| | |
X X X   input(4, 4, 4)
""",
    "padded-frames": """
  F     flatten
  |
  M     mean
  |
+-+-+
| | |
C C C   conv2d(3, 3, tanh)
| | |
X X X   input(4, 4, 1, mask=0)
""",
    "last-frame": """
    F   flatten
    |
C C C   conv2d(3, 3, tanh)
| | |
X X X   input(4, 4, 1, mask=0)
""",
}

WRONG: tuple[Wrong, ...] = (
    torch(
        "a mean that counts padded frames",
        "padded-frames",
        "reference",
        (").clamp(min=1)[..., None, None]", ").clamp(min=3)[..., None, None]"),
    ),
    keras(
        "the last frame in place of the last valid one",
        "last-frame",
        "reference",
        ("[..., None, None, None], axis=1)", "[..., None, None, None] * 0 + 2, axis=1)"),
    ),
    torch(
        "channels in the opposite order",
        "image-residual",
        "reference",
        ("self.conv2d_s(image)", "self.conv2d_s(image.flip(-3))"),
    ),
    torch(
        "height and width exchanged",
        "image-residual",
        "reference",
        ("self.conv2d_s(image)", "self.conv2d_s(image.transpose(-1, -2))"),
    ),
    keras(
        "height and width exchanged",
        "image-digits",
        "reference",
        (
            'layers.MaxPooling2D(2, name="pooled_q"),',
            'layers.MaxPooling2D(2, name="pooled_q"),\n            layers.Permute((2, 1, 3)),',
        ),
    ),
    torch(
        "a grid flattened channel by channel",
        "image-digits",
        "reference",
        ("pooled_q.movedim(-3, -1).flatten(-3)", "pooled_q.flatten(-3)"),
    ),
    torch(
        "a grid flattened column by column",
        "frames-cnn-lstm",
        "reference",
        ("pooled_p.movedim(-3, -1).flatten(-3)", "pooled_p.movedim(-3, -1).mT.flatten(-3)"),
    ),
    torch(
        "tiles that overlap",
        "image-digits",
        "reference",
        ("nn.MaxPool2d(2)", "nn.MaxPool2d(3, stride=2, padding=1)"),
    ),
    torch(
        "the largest of a tile instead of its mean",
        "spectrogram-tagger",
        "reference",
        ("nn.AvgPool2d(2)", "nn.MaxPool2d(2)"),
    ),
    keras(
        "the mean of a tile instead of its largest",
        "image-digits",
        "reference",
        ("layers.MaxPooling2D(2", "layers.AveragePooling2D(2"),
    ),
    torch(
        "a window that is padded before instead of behind",
        "spectrogram-tagger",
        "reference",
        ("(0, 1, 0, 1)", "(1, 0, 1, 0)"),
    ),
    keras(
        "a window that is padded before instead of behind",
        "spectrogram-tagger",
        "reference",
        ("((0, 1), (0, 1))", "((1, 0), (1, 0))"),
    ),
    torch(
        "windows that are not padded",
        "image-residual",
        "reference",
        ("nn.Conv2d(3, 4, 3, padding=1)", "nn.Conv2d(3, 4, 3)"),
    ),
    torch(
        "a kernel that is flipped",
        "spectrogram-tagger",
        "reference",
        (
            "self.conv2d_c(folded)",
            "F.conv2d(folded, self.conv2d_c.weight.flip(-1, -2), self.conv2d_c.bias)",
        ),
    ),
    torch(
        "frames folded before samples",
        "frames-cnn-lstm",
        "reference",
        ("frames.flatten(0, 1)", "frames.transpose(0, 1).flatten(0, 1)"),
    ),
    torch(
        "frames taken apart before samples",
        "frames-cnn-lstm",
        "reference",
        (
            "            frames.shape[:2],\n        )",
            "            frames.shape[1::-1],\n        ).transpose(0, 1).contiguous()",
        ),
    ),
    torch(
        "a mean over channels and width",
        "cube",
        "reference",
        (".mean(dim=(-2, -1))", ".mean(dim=(-3, -1))"),
    ),
    torch(
        "the last place instead of the largest",
        "words-of-characters",
        "reference",
        ("dense_d.amax(dim=-2)", "dense_d[..., -1, :]"),
    ),
    torch(
        "a table of characters for the first word alone",
        "words-of-characters",
        "parameters",
        (
            "        self.dense_d =",
            "        self.first = nn.Embedding(30, 4)\n        self.dense_d =",
        ),
        (
            "self.embedding_e(characters)",
            "torch.cat((self.first(characters[:, :1]), self.embedding_e(characters[:, 1:])), 1)",
        ),
    ),
    keras(
        "a normalization of the width instead of the channels",
        "spectrogram-tagger",
        "reference",
        ("layers.BatchNormalization(", "layers.BatchNormalization(axis=3, "),
    ),
    torch(
        "a normalization of each frame by itself",
        "spectrogram-tagger",
        "training",
        (
            "nn.BatchNorm2d(4)",
            "nn.InstanceNorm2d(4, affine=True, track_running_stats=True)",
        ),
    ),
)
