r"""Make the model that models/ has: INT8, proved equal to what was trained, with an honest card.

  python -m models.recipes ship body --checkpoint out/body/checkpoint.pt --data out/people \
      --out models/edgepose-body-257

Quantized by edgepose-convert with ranges from rendered pictures, and refused by the same gate as
any model. Two forms are kept: INT8 for devices, and float16, which edgepose-convert makes others
from. Run `evaluate` on it, then give `--figures OUT/evaluation.json` to put them on the card.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from converters import __main__ as converter
from edge.errors import EdgeposeError
from models.recipes import decoding
from models.recipes.made_from import commit
from models.recipes.rendering.dataset import read_truth

_TARGETS = ("tflite:int8", "tflite:float16")
_PICTURES = 320  # rendered pictures to quantize and to compare with
_BODY = (
    *("", "PCK@0.2, COCO", "the same, turned", "upright found", "lying found"),
    *("people in empty rooms", "falls found"),
)
_HAND = ("", "PCK@0.2, straight crops", "PCK@0.2, turned crops")
_LEAST = 60.0  # px: a picture whose largest person is smaller teaches ranges little


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("task", choices=("body", "hand-landmarks", "hand-locator"))
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="of `train`")
    parser.add_argument("--data", type=Path, action="append", metavar="DIR", help="of `render`")
    parser.add_argument("--size", default="257x257", metavar="HxW", help="(%(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="models/NAME")
    parser.add_argument(
        "--figures", type=Path, action="append", metavar="FILE.json", help="of `evaluate`"
    )
    parser.add_argument("--limits", type=Path, metavar="FILE.md", help="what else to say")
    parser.add_argument("--sees-lying", action="store_true", help="the figures say that it does")
    parser.add_argument("--force", action="store_true", help="even if INT8 differs too much")


def run(args: argparse.Namespace) -> int:
    """Convert, or only add the figures where there is no --checkpoint."""
    if not (args.checkpoint or args.figures or args.limits):
        hint = "--checkpoint makes a model, --figures and --limits add to the card of one"
        raise EdgeposeError("ship", "nothing to do", hint)
    if args.checkpoint:
        if not args.checkpoint.is_file():
            raise EdgeposeError(
                str(args.checkpoint), "no such file", "it is OUT/checkpoint.pt of `train`"
            )
        code = _convert(args)
        if code:
            return code
        if args.task == "body":
            _amend_manifest(args.out / "manifest.toml", sees_lying=args.sees_lying)
        append(args.out / "CARD.md", "How it was trained", _training(args))
    if args.figures:
        append(
            args.out / "CARD.md", "What it does on real pictures", _figures(args.figures, args.task)
        )
    if args.limits:
        append(args.out / "CARD.md", "Limits", args.limits.read_text())
    return 0


def _convert(args: argparse.Namespace) -> int:
    # Only here: torch is needed to train and to ship, not to read --help.
    from models.recipes.training.export import head_flags, write_body  # noqa: PLC0415

    if not args.data:
        raise EdgeposeError("ship", "--data is missing", "quantizing needs rendered pictures")
    if args.task != "body":
        from models.recipes.training.hands import shipping  # noqa: PLC0415 - torch, too

        return shipping.convert(args.task, args.checkpoint, args.data, args.out, force=args.force)
    with tempfile.TemporaryDirectory(prefix="edgepose-ship-") as scratch:
        pictures, weights = Path(scratch) / "pictures", Path(scratch) / f"{args.out.name}.pt"
        _link(args.data, pictures)
        height, width = (int(side) for side in args.size.split("x"))
        write_body(args.checkpoint, weights, (height, width))
        words = [
            *("posenet", "--from", str(weights), "--input", args.size, *head_flags()),
            *(word for target in _TARGETS for word in ("--to", target)),
            *("--calibrate", str(pictures), "--out", str(args.out), "--licence", "Apache-2.0"),
            *decoding.flags(decoding.BODY),
            *("--homepage", "models/recipes/README.md in edgepose"),
            *("--title", f"edgepose body {args.size}, learned from synthetic people, INT8"),
            *(["--force"] if args.force else []),
        ]
        return converter.main(words)


def _link(folders: list[Path], to: Path) -> None:
    """Put rendered pictures of people, without their masks, into one folder."""
    to.mkdir()
    for folder in folders:
        lines = [line for line in read_truth(folder) if _largest(line) >= _LEAST]
        for line in lines[-(_PICTURES // len(folders)) :]:
            source = (folder / f"{line['id']}.jpg").resolve()
            (to / f"{folder.name}-{line['id']}.jpg").symlink_to(source)


def _largest(line: dict[str, Any]) -> float:
    boxes = [one["box"] for one in line["people"]]
    return max((max(x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes), default=0)


def _amend_manifest(path: Path, *, sees_lying: bool) -> None:
    word = "true" if sees_lying else "false"
    text = path.read_text()
    path.write_text(
        text.replace('skeleton = "body17"\n', f'skeleton = "body17"\nsees_lying = {word}\n', 1)
    )


def _training(args: argparse.Namespace) -> str:
    import torch  # noqa: PLC0415 - see _convert

    found = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    data = "\n".join(
        f"| {folder.name} | {len(lines)} pictures, seed {lines[0]['seed'] if lines else '-'} |"
        for folder in args.data
        for lines in [list(read_truth(folder))]
    )
    return (
        "Only on rendered people, by models/recipes: MakeHuman bodies (CC0) in poses, rooms and\n"
        "light drawn by chance. No photograph of a person was seen in training. Ranges for INT8\n"
        "are from the same pictures, none of a real person either.\n\n"
        f"| | |\n| --- | --- |\n{data}\n| pictures seen, augmented | {found['seen']} |\n"
        f"| steps | {found['steps']} |\n| network | {_words(found['shape'])} |\n"
        f"| shipped from commit | {commit()} |\n"
    )


def _words(shape: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in shape.items())


def _figures(files: list[Path], task: str) -> str:
    """Return a table of bodies, or of hands, of one or several runs of `evaluate`."""
    found = [json.loads(path.read_text()) for path in files]
    bodies: dict[str, dict[str, Any]] = {}
    for facts in found:
        for name, figures in facts["bodies"].items():
            bodies[name] = {**bodies.get(name, {}), **figures}
    rows = [_BODY] + [_body(name, figures) for name, figures in bodies.items()]
    hands = {name: figures for facts in found for name, figures in facts["hands"].items()}
    more = [_HAND] + [
        (name, *(f"{figures[crop]['pck_0.2']:.2f}" for crop in ("straight", "turned")))
        for name, figures in hands.items()
    ]
    chosen = _table(rows if task == "body" else more)
    return f"By `python -m models.recipes evaluate`; what is counted is said there.\n\n{chosen}"


def _body(name: str, figures: dict[str, Any]) -> tuple[str, ...]:
    urfd, falls = figures["urfd"], figures.get("falls")
    return (
        name,
        *(f"{figures[key]['pck_0.2']:.2f}" for key in ("prominent", "turned")),
        *(f"{urfd[kind]['found']} of {urfd[kind]['frames']}" for kind in ("upright", "lying")),
        f"{figures['empty']['false_people']} in {figures['empty']['pictures']}",
        f"{falls['found']} of {falls['falls']}, {falls['false_alarms']} false" if falls else "",
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    head, *body = (f"| {' | '.join(row)} |\n" for row in rows)
    return f"{head}| {' | '.join('---' for _ in rows[0])} |\n{''.join(body)}"


def append(card: Path, title: str, text: str) -> None:
    """Put a section at the card's end, in place of an older one of this title."""
    whole = card.read_text()
    start = whole.find(f"\n## {title}\n")
    if start >= 0:
        end = whole.find("\n## ", start + 1)
        whole = whole[:start] + (whole[end:] if end >= 0 else "")
    card.write_text(f"{whole.rstrip()}\n\n## {title}\n\n{text}")
