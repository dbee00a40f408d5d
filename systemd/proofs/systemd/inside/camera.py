"""A network camera: streams a clip over RTSP as it is, each viewer from its beginning.

camera.py CLIP.mp4 PORT    serves rtsp://127.0.0.1:PORT/clip; needs GStreamer's RTSP server
"""

from __future__ import annotations

import sys
from typing import Any


def serve(clip: str, port: str) -> None:
    """Serve until killed."""
    import gi  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - Debian's own

    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        GLib,
        Gst,
        GstRtspServer,
    )

    Gst.init(None)
    server: Any = GstRtspServer.RTSPServer(service=port, address="127.0.0.1")
    factory: Any = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        # Paced by us: over TCP the server sends a file as fast as it is taken.
        f"( filesrc location={clip} ! qtdemux ! identity sync=true"
        " ! rtph264pay config-interval=1 name=pay0 pt=96 )"
    )
    server.get_mount_points().add_factory("/clip", factory)
    if not server.attach(None):
        sys.exit(f"port {port} is taken")
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(*sys.argv[1:])
