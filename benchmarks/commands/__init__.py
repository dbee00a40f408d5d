"""One command a file: its docstring is its help, `arguments` its flags, `run` its work.

Every command that measures takes `--json FILE`; what stands in the file is in
`benchmarks/README.md`, and keys are only ever added.
"""
