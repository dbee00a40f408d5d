"""What `edgepose doctor` looks at, a file each: `read` asks the machine, `judge` only thinks.

Every judgement is a `Finding`: good, to look at, bad, or not here, in a plain sentence, and what to
type to mend it. A check changes nothing on the device, and no picture leaves it.
"""
