"""Models by name: what there is, fetch it, prove it.

  edgepose models list                       every model, what it is for, whether it is here
  edgepose models pull NAME ...              download, resume, verify
  edgepose models pull --all --from DIR      from a folder, without a network; found by name,
                                             proved by hash
  edgepose models verify [NAME ...]          read every weights file again, compare its hash

They go to $EDGEPOSE_MODELS, or else to the cache folder of your desktop's convention. Proxies
are taken from the environment (https_proxy).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from edge.errors import ConfigError, EdgeposeError, Problems


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list | pull | verify")
    verbs.add_parser("list", help="every model")
    pull = verbs.add_parser("pull", help="fetch weights")
    pull.add_argument("names", nargs="*", metavar="NAME")
    pull.add_argument("--all", action="store_true", help="every model in the list")
    pull.add_argument(
        "--from",
        dest="folder",
        type=Path,
        metavar="DIR",
        help="no network: a USB stick's folder",
    )
    verify = verbs.add_parser("verify", help="prove weights by their hash")
    verify.add_argument("names", nargs="*", metavar="NAME", help="all that are here unless given")


def run(args: argparse.Namespace) -> int:
    """Do one of the three."""
    return {"list": _list, "pull": _pull, "verify": _verify}[args.verb](args)


def _list(_args: argparse.Namespace) -> int:
    from edge.modelstore import model_store  # noqa: PLC0415 - see commands/run.py

    store = model_store()
    models = store.models()
    width = max((len(model.manifest.name) for model in models), default=0)
    for model in models:
        facts = model.manifest
        backends = ", ".join(facts.backends) or "none"
        print(
            f"{facts.name:{width}}  {model.state:13} {model.size / 1e6:6.2f} MB  "
            f"{facts.input.words:8}  {facts.licence:10}  {backends}"
        )
        print(f"{'':{width}}  {facts.title}")
        if facts.doubt:
            print(f"{'':{width}}  {facts.doubt}")
    print(f"\npulled models are in {store.cache}", file=sys.stderr)
    return 0


def _pull(args: argparse.Namespace) -> int:
    from edge.modelstore import model_store  # noqa: PLC0415 - see commands/run.py

    store = model_store()
    names = store.names() if args.all else args.names
    if not names:
        hint = "name one of `edgepose models list`, or --all"
        raise ConfigError("edgepose models pull", "which model?", hint)
    return _every(names, lambda name: store.find(name).pull(args.folder, _progress))


def _verify(args: argparse.Namespace) -> int:
    from edge.modelstore import model_store  # noqa: PLC0415 - see commands/run.py

    store = model_store()
    here = [model.manifest.name for model in store.models() if model.state != "not pulled"]
    return _every(args.names or here, lambda name: store.find(name).verify())


def _every(names: Iterable[str], do: Callable[[str], tuple[Path, ...]]) -> int:
    """Do it for each name, and only then say what failed."""
    errors: list[EdgeposeError] = []
    for name in names:
        try:
            places = do(name)
        except EdgeposeError as error:
            errors.append(error)
        else:
            print(f"{name}: good, {', '.join(str(place) for place in places)}")
    if errors:
        raise errors[0] if len(errors) == 1 else Problems(errors)
    return 0


def _progress(name: str, done: int, total: int) -> None:
    if not sys.stderr.isatty():
        return
    share = done / total if total else 1.0
    bar = f"{'#' * int(30 * share):30}"
    end = "\n" if done >= total else ""
    print(
        f"\r{name} [{bar}] {done / 1e6:.1f} of {total / 1e6:.1f} MB\x1b[K",
        end=end,
        file=sys.stderr,
        flush=True,
    )
