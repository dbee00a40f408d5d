r"""How the bundled models were made, from nothing but CC0 bodies: `python -m models.recipes`.

  python -m models.recipes assets HUMANS                      are all CC0 files here?
  python -m models.recipes render people --out out/people     pictures of synthetic people
  python -m models.recipes render hands --out out/hands       and of their hands
  python -m models.recipes sheet out/people --out sheet.png   look at them
  python -m models.recipes train body --data out/people --out out/body
                                                              learn from them; goes on when stopped
  python -m models.recipes average ONE TWO --out FILE.pt      the mean of two runs' weights
  python -m models.recipes evaluate --model DIR --out out/evaluation
                                                              on real photographs and clips
  python -m models.recipes ship body --checkpoint out/body/checkpoint.pt --data out/people
                                                              what models/ has, INT8, with its card
  python -m models.recipes gestures hand --out models/edgepose-gesture-21
                                                              names for keypoints: no pictures
  python -m models.recipes clip --variant correct --out FILE.mp4 the clip that `edgepose demo` shows
  python -m models.recipes judge CLIP.mp4 --model NAME        what a procedure's rule makes of it

Each has its own --help. They need a checkout and the `recipes` extra: make recipes.
README.md beside this file names the CC0 files and where they come from.
"""

from __future__ import annotations

import sys

from converters.commandline import Program

COMMANDS = (
    *("assets", "render", "sheet", "train", "average", "evaluate"),
    *("ship", "gestures", "clip", "judge"),
)


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    return Program(
        name="python -m models.recipes",
        about=__doc__ or "",
        package="models.recipes.commands",
        commands=COMMANDS,
        install="run: make recipes",
        stopped="stopped; the same command goes on",
    ).main(argv)


if __name__ == "__main__":
    sys.exit(main())
