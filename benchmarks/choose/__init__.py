"""Which model, runtime and number of threads: by measuring all of them on this board.

Operations a second on paper say little about a device: what it has and lacks decides, and other
latencies lead to other choices (Cai et al., ProxylessNAS, arXiv:1812.00332).
"""
