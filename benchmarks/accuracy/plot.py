"""A picture of PCK by keypoint: a group of bars for each joint, a colour for each variant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from benchmarks.accuracy.measure import Measured, key

# Okabe and Ito's, which people who see colours differently can tell apart.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a")
_PALER = 0.55  # of the way to white that the last variant of several in a colour is
_GROUP = 0.8  # of the place between two joints that bars take
_LETTERS = 130  # of a line of the legend
_SQUARE = 8  # letters that the square before a label takes


def draw(done: Sequence[Measured], caption: str) -> Figure:
    """Bars of every variant, joint by joint; those of a model in one runtime share a colour."""
    figure = Figure(figsize=(13, 5.5), layout="constrained")
    axes = figure.add_subplot()
    joints = list(done[0].figures.values["pck_per_keypoint"])
    width = _GROUP / len(done)
    labels = _labels(done)
    for number, (one, colour) in enumerate(zip(done, _colours(done), strict=True)):
        shift = (number - (len(done) - 1) / 2) * width
        axes.bar(
            [place + shift for place in range(len(joints))],
            list(one.figures.values["pck_per_keypoint"].values()),
            width,
            label=labels[number],
            color=colour,
            zorder=2,
        )
    names = [joint.replace("_", " ") for joint in joints]
    axes.set_xticks(range(len(joints)), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0)
    axes.set_xlim(-0.6, len(joints) - 0.4)
    axes.set_ylim(0, 1)
    axes.set_ylabel("PCK@0.2")
    axes.grid(axis="y", color="#dddddd", zorder=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    title = caption if _several(done) else f"{key(done[0].variant)[0]}, {caption}"
    axes.set_title(title, loc="left", fontsize=12, pad=14)
    columns = max(1, _LETTERS // (max(map(len, labels)) + _SQUARE))
    figure.legend(loc="outside lower left", ncols=columns, frameon=False)
    return figure


def _labels(done: Sequence[Measured]) -> list[str]:
    several = _several(done)
    return [" ".join(key(one.variant)) if several else key(one.variant)[1] for one in done]


def _several(done: Sequence[Measured]) -> bool:
    """Whether there is more than one model."""
    return len({one.variant.manifest.name for one in done}) > 1


def _colours(done: Sequence[Measured]) -> Iterator[tuple[float, float, float]]:
    """A colour for each model in each runtime; its variants are paler, one after the other."""
    groups = [(one.variant.manifest.name, one.variant.backend) for one in done]
    hues = list(dict.fromkeys(groups))
    for number, group in enumerate(groups):
        last, before = groups.count(group) - 1, groups[:number].count(group)
        pale = _PALER * before / last if last else 0.0
        red, green, blue = to_rgb(_COLOURS[hues.index(group) % len(_COLOURS)])
        yield red + (1 - red) * pale, green + (1 - green) * pale, blue + (1 - blue) * pale
