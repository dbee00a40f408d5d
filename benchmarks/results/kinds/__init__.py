"""What each command measured: a file a kind, with `TITLE`, `blocks` and `options_of`.

`blocks` gives Markdown, `options_of` the flags that figures tell of, for files that do not name
their command.
Keys that are missing raise KeyError; the page says in which file.
"""
