"""PyTorch model video-clips-pooled: many-to-one, masked, variable length."""

import torch
from torch import Tensor, nn


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class VideoClipsPooled(nn.Module):
    """Map a sequence of grids ``clip`` to a vector ``y``.

              Y       dense(6, softmax)
              |
              F       flatten
              |
              M       max
              |
        +-+---+-+-+
        | |     | |
        P P ... P P   maxpool2d(2)
        | |     | |
        C C ... C C   conv2d(4, 3, relu)
        | |     | |
        X X ... X X   input(6, 6, 3, lengths=true, name=clip)

    Shapes, without the batch:
        input clip: (None, 3, 6, 6) float32
        input clip_lengths: () int32, valid steps of clip
        output y: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.dense_y = nn.Linear(36, 6)

    def forward(self, clip: Tensor, clip_lengths: Tensor) -> Tensor:
        steps = torch.arange(clip.shape[1], device=clip.device)
        mask = steps < clip_lengths[:, None]
        clip = clip.masked_fill(~mask[..., None, None, None], 0)
        folded = clip.flatten(0, 1)
        conv2d_c = torch.unflatten(torch.relu(self.conv2d_c(folded)), 0, clip.shape[:2])
        conv2d_c = conv2d_c.masked_fill(~mask[..., None, None, None], 0)
        folded_2 = conv2d_c.flatten(0, 1)
        pooled_p = torch.unflatten(self.pooled_p(folded_2), 0, conv2d_c.shape[:2])
        pooled_p = pooled_p.masked_fill(~mask[..., None, None, None], 0)
        max_m = pooled_p.masked_fill(
            ~some_valid(mask)[..., None, None, None],
            float("-inf"),
        ).amax(dim=1)
        flat_f = max_m.movedim(-3, -1).flatten(-3)
        return torch.softmax(self.dense_y(flat_f), dim=-1)


def build_model() -> VideoClipsPooled:
    """Build the model, with random weights."""
    return VideoClipsPooled()


if __name__ == "__main__":
    model = build_model()
    print(model)
    clip = torch.randn(2, 7, 3, 6, 6)
    clip_lengths = torch.tensor([7, 1])
    with torch.no_grad():
        outputs = model(clip, clip_lengths)
    print("y", tuple(outputs.shape))
