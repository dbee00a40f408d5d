"""Where messages go, one kind per file; `PLUGIN` is the class of its settings.

`publish` never blocks and never raises for a receiver that is away.
"""
