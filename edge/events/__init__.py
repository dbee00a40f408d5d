"""One rule per file: scenes in, events out, pure.

A rule is a frozen dataclass of its parameters, and the same dataclass is its configuration
schema. Rules compare degrees, seconds, body lengths and zones: never pixels, never frames.
The file's name is the `kind` in a configuration; its `PLUGIN` is the rule's class.
"""
