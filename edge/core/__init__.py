"""The pure heart: values in, values out.

No clock, thread, log, file, socket or randomness in here; time is the frame's own `t`.
"""
