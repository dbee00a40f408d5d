"""Procedures (SOPs): check one, read it as sentences, draw it, or make one from recordings.

  edgepose sop check fuse-box.toml               what is wrong with it, before a shift finds out
  edgepose sop explain fuse-box.toml             the procedure as sentences
  edgepose sop draw fuse-box.toml --out fuse-box.png --frame /dev/video0
                                                 its zones over a frame, and its steps as a graph
  edgepose sop teach demo1.jsonl demo2.jsonl --out fuse-box.toml
                                                 propose one from the job done right

Each has more to say: `edgepose sop check --help`. What may stand in such a file, key by key, and
what can be seen: `edgepose settings procedure`. To watch a procedure, name its file in a rule of
a configuration, and check it with the zones and signals of that camera:
  [[rule]]
  kind = "sop"
  procedure = "fuse-box.toml"
"""

from __future__ import annotations

import argparse
import importlib
from types import ModuleType

_VERBS = {
    "check": "what is wrong with a procedure",
    "explain": "a procedure as sentences",
    "draw": "a procedure as a picture",
    "teach": "a procedure from recordings of the job done right",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs, each with flags of its own."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=" | ".join(_VERBS))
    for verb, about in _VERBS.items():
        module = _verb(verb)
        own = verbs.add_parser(
            verb,
            help=about,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(own)


def run(args: argparse.Namespace) -> int:
    """Do one of them."""
    return int(_verb(args.verb).run(args))


def _verb(name: str) -> ModuleType:
    """Each is a file of its own, which imports what it needs only when it runs."""
    return importlib.import_module(f"edge.commands._sop_{name}")
