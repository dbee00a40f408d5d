"""Linear algebra on one thread, for writers: the same bytes on any number of cores.

Sums are added up in another order by more threads. And once something in the process has forked,
OpenBLAS (seen with 0.3.31) may wait for threads that are gone, for ever.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from threadpoolctl import threadpool_limits


def alone() -> AbstractContextManager[object]:
    """Let NumPy's and SciPy's BLAS use one thread within."""
    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits
