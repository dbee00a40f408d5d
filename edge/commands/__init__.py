"""One subcommand per file; its docstring is its `--help`.

Each has `arguments(parser)` and `run(args) -> exit code`. Files that begin with an underscore
are what several of them share.
"""
