"""What a person types: one module a command, with `arguments(parser)` and `run(args)`."""
