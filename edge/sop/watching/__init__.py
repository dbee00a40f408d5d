"""Watching a procedure being done: a pure fold over scenes. `engine` says how an instant goes."""
