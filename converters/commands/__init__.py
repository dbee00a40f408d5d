"""One file a command of `edgepose-convert`: `arguments(parser)` and `run(args)`."""
