"""The shape of the code, checked by reading it: who may import whom, what is pure and small."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 250

# One way: a module imports from its own step or an earlier one, never from a later one.
# The longest pattern that fits a module decides.
STEPS = (
    ("edge", "edge.errors", "edge.core.types", "edge.core.skeletons", "edge.core.settings"),
    ("edge.core.geometry", "edge.core.posture", "edge.core.hand", "edge.core.features"),
    ("edge.ports",),
    ("edge.decode.*", "edge.core.track*", "edge.core.handtrack", "edge.core.handsights"),
    ("edge.sop.*",),
    ("edge.events.*",),
    ("edge.core.engine", "edge.registry", "edge.proof", "edge.wire*"),
    ("edge.config_*", "edge.procedure_*"),
    ("edge.manifest*", "edge.download", "edge.modelstore", "edge.discovery", "edge.recording"),
    ("edge.runtime.mailbox", "edge.runtime.outbox", "edge.runtime.signals"),
    ("edge.backends.*", "edge.sources.*", "edge.sinks.*"),
    ("edge.runtime.*", "edge.pictures.*"),
    ("edge.config",),
    ("edge.firstboot.*",),
    ("edge.runtime.assemble",),
    ("edge.runtime.daemon", "edge.runtime.watched"),
    ("edge.doctor.*",),
    ("edge.commands.*",),
    ("edge.__main__",),
)
PLUGINS = ("edge.decode", "edge.events", "edge.backends", "edge.sources", "edge.sinks")

# All that pure code may know: no clock, chance, thread, log, file or socket is in this list.
PURE = ("edge.core", "edge.decode", "edge.events", "edge.sop")
PURE_IMPORTS = {
    *("__future__", "bisect", "collections", "dataclasses", "enum", "functools", "itertools"),
    *("difflib", "math", "numpy", "operator", "statistics", "types", "typing"),
    *("edge.core", "edge.decode", "edge.events", "edge.sop", "edge.errors", "edge.ports"),
}
IMPURE_NAMES = {"open", "print", "input", "exec", "eval", "__import__"}

# What a core install has. The rest, and the slow TFLite interpreter, load where they are needed.
CORE_PACKAGES = {"numpy", "cv2", "paho", "tomli"}
LATE_PACKAGES = {"ai_edge_litert", "tflite_runtime", "onnxruntime", "openvino", "amqtt"}


@dataclass(frozen=True)
class Import:
    """One imported module, and how."""

    name: str
    line: int
    at_load: bool  # False: only for type checkers, or inside a function


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


MODULES = {module_name(path): path for path in files("edge") if path.stem != "__init__"}


def imports_of(tree: ast.AST, *, at_load: bool = True) -> Iterator[Import]:
    """Every import below a node; `from package import module` names the module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_load) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield Import(full if full in MODULES else base, node.lineno, at_load)
        else:
            late = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or (
                isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            )
            yield from imports_of(node, at_load=at_load and not late)


def step(module: str) -> int | None:
    """Which step a module stands on; None when no pattern fits."""
    fits = [
        (len(pattern), number)
        for number, patterns in enumerate(STEPS)
        for pattern in patterns
        if fnmatchcase(module, pattern)
    ]
    return max(fits)[1] if fits else None


def within(module: str, packages: set[str] | tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)


def plugin_room(module: str) -> str | None:
    """Give the folder of a plugin; a file whose name starts with `_` is its folder's helper."""
    room, _, name = module.rpartition(".")
    return room if room in PLUGINS and not name.startswith("_") else None


def wrong_imports(module: str, source: str) -> list[str]:
    """Each import that breaks a rule, as a sentence."""
    wrong = []
    for found in imports_of(ast.parse(source)):
        name, place = found.name, f"{module}:{found.line}"
        if name.startswith("."):
            wrong.append(f"{place}: write {name} as an absolute import")
        if within(name, ("converters", "benchmarks", "models", "tests")):
            wrong.append(f"{place}: edge must not know {name}")
        if within(module, PURE) and found.at_load and not within(name, PURE_IMPORTS):
            wrong.append(f"{place}: pure code must not know {name}")
        if within(name, LATE_PACKAGES) and found.at_load:
            wrong.append(f"{place}: import {name} where it is used, not at load")
        room = plugin_room(module)
        if room is not None and name != module and plugin_room(name) == room:
            wrong.append(f"{place}: plugins never import each other, here {name}")
        theirs, ours = step(name), step(module)
        if found.at_load and None not in (ours, theirs) and ours < theirs:  # type: ignore[operator]
            wrong.append(f"{place}: {name} comes later on the way than {module}")
    return wrong


def impure_calls(module: str, source: str) -> list[str]:
    """Each use of a built-in that reaches outside, or of numpy's chance."""
    return [
        f"{module}:{node.lineno}: pure code must not use {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id in IMPURE_NAMES)
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in {"np.random", "numpy.random"})
    ]


def test_every_module_has_its_step() -> None:
    assert [name for name in MODULES if step(name) is None] == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    assert wrong_imports(module, MODULES[module].read_text()) == []


def test_the_modules_form_no_circle() -> None:
    graph = {
        module: {
            found.name
            for found in imports_of(ast.parse(path.read_text()))
            if found.at_load and found.name in MODULES
        }
        for module, path in MODULES.items()
    }
    while free := [module for module, needs in graph.items() if not needs]:
        for module in free:
            del graph[module]
        for needs in graph.values():
            needs.difference_update(free)
    assert graph == {}, "these import each other in a circle"


@pytest.mark.parametrize("module", [name for name in MODULES if within(name, PURE)])
def test_pure_code_reaches_nothing_outside(module: str) -> None:
    assert impure_calls(module, MODULES[module].read_text()) == []


@pytest.mark.parametrize("module", MODULES)
def test_no_state_at_module_level(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text())
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)]


def test_edge_needs_only_what_a_core_install_has() -> None:
    used = {
        (module, found.name.split(".")[0])
        for module, path in MODULES.items()
        for found in imports_of(ast.parse(path.read_text()))
        if found.at_load
    }
    known = CORE_PACKAGES | sys.stdlib_module_names | {"edge", "tomllib"}  # 3.10 has no tomllib
    assert [(module, name) for module, name in sorted(used) if name not in known] == []


def test_every_init_is_only_a_docstring() -> None:
    for path in files("edge", "converters", "benchmarks", "models"):
        if path.name == "__init__.py":
            first, *rest = ast.parse(path.read_text()).body
            assert isinstance(first, ast.Expr), path
            allowed = ["__version__ ="] if path.parent == ROOT / "edge" else []
            assert [ast.unparse(node)[:13] for node in rest] == allowed, path


def test_no_file_passes_250_lines() -> None:
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in files("edge", "converters", "benchmarks", "models", "tests")
    }
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("edge.core.track", "import time"),
        ("edge.core.track", "import edge.core.engine"),
        ("edge.events.fall", "import edge.events.presence"),
        ("edge.events.fall", "from edge.events.presence import Presence"),
        ("edge.events.fall", "from pathlib import Path"),
        ("edge.sources.video", "def f():\n    from edge.sources.v4l2 import V4l2"),
        ("edge.wire", "import converters.readers"),
        ("edge.wire", "from . import errors"),
        ("edge.wire", "from edge.runtime.daemon import run"),
        ("edge.backends.openvino", "import openvino"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert wrong_imports(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("edge.events.fall", "import numpy as np\nfrom edge.core.types import Event"),
        ("edge.backends.openvino", "def f():\n    import openvino"),
        ("edge.backends.openvino", "import edge.backends._checks"),
        ("edge.ports", "if TYPE_CHECKING:\n    from edge.wire import Message"),
    ],
)
def test_a_right_import_passes(module: str, source: str) -> None:
    assert not wrong_imports(module, source)


def test_an_impure_call_is_found() -> None:
    assert impure_calls("edge.core.track", "x = open('f')")
    assert impure_calls("edge.core.track", "x = np.random.rand()")
