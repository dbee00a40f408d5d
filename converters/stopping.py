"""Other ways to be stopped than Ctrl-C, which end a long command as orderly as it does."""

from __future__ import annotations

import signal
from types import FrameType


def stop_like_ctrl_c() -> None:
    """End by KeyboardInterrupt on SIGTERM and SIGHUP, too; who ignores one (nohup) goes on to."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for one in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, stop)
