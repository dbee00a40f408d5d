"""A JSON Schema (2020-12) for every message; `$id` is the `dataschema` an event names.

`event.json` is the envelope and says which data belongs to which kind; `data.json` is what
every event's data has, and all that is promised for a kind without a schema of its own.
Messages may gain fields within a version; what a schema requires stays. `procedure.json` is of no
message, but of a procedure's file.
"""
