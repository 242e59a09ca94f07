"""PyTorch model speaker-lengths: many-to-one, convolutional, masked."""

import torch
from torch import Tensor, nn


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class SpeakerLengths(nn.Module):
    r"""Map a sequence ``frames`` to a vector ``speaker``.

              Y       dense(4, softmax, name=speaker)
              |
              S       dense(8, relu)
             / \
            M   N
            |   |
        +-+-+-+-+-+
        | | | | | |
        G G G G G G   conv(10, 3, relu, dilation=2)
        | | | | | |
        F F F F F F   conv(10, 3, relu)
        | | | | | |
        X X X X X X   input(13, lengths=true, name=frames)

        M = mean
        N = max

    Shapes, without the batch:
        input frames: (6, 13) float32
        input frames_lengths: () int32, valid steps of frames
        output speaker: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(13, 10, 3, padding=1)
        self.conv_g = nn.Conv1d(10, 10, 3, padding=2, dilation=2)
        self.dense_s = nn.Linear(20, 8)
        self.speaker = nn.Linear(8, 4)

    def forward(self, frames: Tensor, frames_lengths: Tensor) -> Tensor:
        steps = torch.arange(frames.shape[1], device=frames.device)
        mask = steps < frames_lengths[:, None]
        frames = frames.masked_fill(~mask[..., None], 0)
        conv_f = torch.relu(self.conv_f(frames.transpose(1, 2))).transpose(1, 2)
        conv_f = conv_f.masked_fill(~mask[..., None], 0)
        conv_g = torch.relu(self.conv_g(conv_f.transpose(1, 2))).transpose(1, 2)
        conv_g = conv_g.masked_fill(~mask[..., None], 0)
        mean_m = conv_g.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
        max_n = conv_g.masked_fill(
            ~some_valid(mask)[..., None],
            float("-inf"),
        ).amax(dim=1)
        joined = torch.cat((mean_m, max_n), dim=-1)
        dense_s = torch.relu(self.dense_s(joined))
        return torch.softmax(self.speaker(dense_s), dim=-1)


def build_model() -> SpeakerLengths:
    """Build the model, with random weights."""
    return SpeakerLengths()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 6, 13)
    frames_lengths = torch.tensor([6, 1])
    with torch.no_grad():
        outputs = model(frames, frames_lengths)
    print("speaker", tuple(outputs.shape))
