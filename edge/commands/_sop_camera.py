"""What a camera's configuration gives to procedures: zones, signals, and names of gestures."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.core.types import Polygon


@dataclass(frozen=True, slots=True)
class Camera:
    """Its zones and models; its signals, or None where no configuration was given."""

    zones: Mapping[str, Polygon] = field(default_factory=dict)
    signals: tuple[str, ...] | None = None
    models: tuple[str, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flag."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="CONFIG.toml",
        help="a camera's, for its zones, signals, models",
    )


def camera(args: argparse.Namespace) -> Camera:
    """Read these tables, and no others; raises ConfigError, or Problems."""
    from edge.config_table import Place, parse  # noqa: PLC0415 - see commands/run.py
    from edge.config_zones import zones_of  # noqa: PLC0415
    from edge.errors import Problems  # noqa: PLC0415
    from edge.modelstore import model_beside  # noqa: PLC0415

    if args.config is None:
        return Camera()
    place = Place(str(args.config), "", [], args.config.absolute().parent)
    tables = parse(args.config)
    zones = zones_of(tables.get("zones", {}), place.at("zones"))
    if place.errors:
        raise Problems(place.errors)
    models = tuple(model_beside(name, place.folder) for name in _named(tables.get("model")))
    return Camera(zones, _named(tables.get("signal")), models)


def _named(listed: object) -> tuple[str, ...]:
    """The names of tables in a list; whoever loads the configuration tells of its errors."""
    tables = listed if isinstance(listed, list) else []
    names = [table.get("name") for table in tables if isinstance(table, dict)]
    return tuple(name for name in names if isinstance(name, str))
