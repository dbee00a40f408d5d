"""A network camera as others make it: GStreamer's RTSP server plays an H.264 film, over and over.

  /usr/bin/python3 gst_rtsp_server.py PORT FILM.mp4 [USER PASSWORD]

Run as a process of its own, in the system's Python, which has the bindings; so nothing of ours
is imported, and it can be killed as a camera's power is cut. Says "ready" when it listens.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def serve(port: str, film: str, secret: Sequence[str]) -> None:
    """Play the film to everybody who asks, from its beginning, at rtsp://127.0.0.1:PORT/live."""
    gi = importlib.import_module("gi")
    for name in ("Gst", "GstRtspServer"):
        gi.require_version(name, "1.0")
    gst: Any = importlib.import_module("gi.repository.Gst")
    rtsp: Any = importlib.import_module("gi.repository.GstRtspServer")
    gst.init(None)
    server = rtsp.RTSPServer(address="127.0.0.1", service=port)
    factory = rtsp.RTSPMediaFactory()
    play = f"filesrc location={Path(film).absolute()} ! qtdemux ! h264parse"
    factory.set_launch(f"( {play} ! rtph264pay name=pay0 pt=96 config-interval=1 )")
    if secret:
        _lock(server, factory, rtsp, secret)
    server.get_mount_points().add_factory("/live", factory)
    if not server.attach(None):
        sys.exit(f"cannot listen on port {port}")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    importlib.import_module("gi.repository.GLib").MainLoop().run()


def _lock(server: Any, factory: Any, rtsp: Any, secret: Sequence[str]) -> None:
    """Let in only who knows the password; it crosses the network as a digest."""
    role, user, password = "viewer", *secret
    auth = rtsp.RTSPAuth()
    methods = importlib.import_module("gi.repository.GstRtsp").RTSPAuthMethod
    auth.set_supported_methods(methods.DIGEST)
    token = rtsp.RTSPToken()
    token.set_string(rtsp.RTSP_TOKEN_MEDIA_FACTORY_ROLE, role)
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    permissions = rtsp.RTSPPermissions()
    permissions.add_permission_for_role(role, rtsp.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)  # noqa: FBT003
    permissions.add_permission_for_role(role, rtsp.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)  # noqa: FBT003
    factory.set_permissions(permissions)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.argv[3:])
