"""Meshes to pictures by OpenGL without a screen (EGL): one key light with shadows, soft ambient."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final

import cv2
import moderngl
import numpy as np

from edge.errors import EdgeposeError
from models.recipes.rendering.camera import FAR, NEAR, Camera
from models.recipes.rendering.shaders import FRAGMENT, SHADOW_FRAGMENT, SHADOW_VERTEX, VERTEX
from models.recipes.rendering.types import Bytes, Floats, Light, Mesh, Picture, smooth_normals

_SHADOW_SIZE: Final = 768  # px
_SHADOW_REACH: Final = 3.0  # m around the people within which things throw shadows
_TEXTURES_KEPT: Final = 48  # besides those that are read-only, which are kept for ever
_DEPTH_CLAMP: Final = 0x864F  # GL_DEPTH_CLAMP: what is before the shadow's box still casts


class Renderer:
    """Draws pictures of width times height (px); oversampling draws larger and takes means.

    Raises EdgeposeError where EGL is missing. Meshes (and textures) are kept on the
    device by identity while every picture uses them: do not write into their arrays.
    """

    def __init__(self, width: int, height: int, oversampling: float = 1.5) -> None:
        self._size = (width, height)
        self._large = (round(width * oversampling), round(height * oversampling))
        gl = self._gl = _context()
        self._program: Any = gl.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self._shadow_program: Any = gl.program(
            vertex_shader=SHADOW_VERTEX, fragment_shader=SHADOW_FRAGMENT
        )
        self._color = gl.texture(self._large, 4)
        self._depth = gl.depth_texture(self._large)
        self._frame = gl.framebuffer([self._color], self._depth)
        self._shadow = gl.depth_texture((_SHADOW_SIZE, _SHADOW_SIZE))
        self._shadow.compare_func = "<="
        self._shadow.repeat_x = self._shadow.repeat_y = False
        self._shadow_frame = gl.framebuffer(depth_attachment=self._shadow)
        self._white = self._upload(np.full((1, 1, 3), 255, np.uint8))
        self._pool: dict[int, tuple[Bytes, Any]] = {}
        self._textures: dict[int, tuple[Bytes, Any]] = {}
        self._meshes: dict[int, tuple[Mesh, tuple[Any, ...]]] = {}
        gl.enable_direct(_DEPTH_CLAMP)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._forget(set())
        for _, texture in (*self._textures.values(), *self._pool.values()):
            texture.release()
        self._gl.release()

    def render(self, meshes: Sequence[Mesh], camera: Camera, light: Light) -> Picture:
        """What the camera sees of the meshes; where there is none, black at depth FAR."""
        # People first: what they hide of the room is then not shaded at all.
        ordered = sorted(meshes, key=lambda mesh: -mesh.label)
        arrays = [self._arrays(mesh) for mesh in ordered]
        shadow = _shadow_matrix(ordered, light)
        self._draw_shadow(ordered, arrays, shadow)
        self._draw(ordered, arrays, camera, light, shadow)
        self._forget({id(mesh) for mesh in meshes})
        return self._read()

    def _draw_shadow(
        self, meshes: Sequence[Mesh], arrays: Sequence[tuple[Any, ...]], matrix: Floats
    ) -> None:
        gl = self._gl
        self._shadow_frame.use()
        self._shadow_frame.clear(depth=1.0)
        gl.enable_only(moderngl.DEPTH_TEST)
        self._shadow_program["matrix"].write(matrix.T.tobytes())
        for mesh, (_, shadow_array, *_rest) in zip(meshes, arrays, strict=True):
            if mesh.casts:
                shadow_array.render()

    def _draw(
        self,
        meshes: Sequence[Mesh],
        arrays: Sequence[tuple[Any, ...]],
        camera: Camera,
        light: Light,
        shadow: Floats,
    ) -> None:
        gl, program = self._gl, self._program
        self._frame.use()
        self._frame.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        gl.enable_only(moderngl.DEPTH_TEST)
        gl.front_face = "cw"  # the picture is upside down, and so are the triangles
        towards = -light.direction / np.linalg.norm(light.direction)
        for name, value in (
            ("matrix", camera.clip_matrix().T),
            ("shadow_matrix", shadow.T),
            ("eye", camera.position),
            ("towards_light", towards),
            ("light_color", light.color),
            ("above", light.above),
            ("below", light.below),
        ):
            program[name].write(np.ascontiguousarray(value, np.float32).tobytes())
        program["softness"].value = float(light.softness / _shadow_width(shadow))
        self._shadow.use(1)
        program["shadows"].value = 1
        program["picture"].value = 0
        for mesh, (array, *_rest) in zip(meshes, arrays, strict=True):
            material = mesh.material
            (gl.disable if material.two_sided else gl.enable)(moderngl.CULL_FACE)
            self._texture(material.texture).use(0)
            program["material_color"].write(np.asarray(material.color, np.float32).tobytes())
            program["surface"].value = (material.gloss, material.glow, mesh.label / 255.0)
            array.render()

    def _read(self) -> Picture:
        width, height = self._large
        pixels = np.frombuffer(self._frame.read(components=4), np.uint8)
        pixels = pixels.reshape(height, width, 4)
        raw = self._frame.read(components=1, attachment=-1, dtype="f4")
        rgb, labels = np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3])
        depth = np.frombuffer(raw, np.float32).reshape(height, width)
        if self._large != self._size:
            rgb = np.asarray(cv2.resize(rgb, self._size, interpolation=cv2.INTER_AREA), np.uint8)
            nearest = cv2.INTER_NEAREST_EXACT
            labels = np.asarray(cv2.resize(labels, self._size, interpolation=nearest), np.uint8)
            depth = np.asarray(cv2.resize(depth, self._size, interpolation=nearest), np.float32)
        metres = 2 * FAR * NEAR / ((FAR + NEAR) - (2 * depth - 1) * (FAR - NEAR))
        return Picture(rgb, labels, metres.astype(np.float32))

    def _arrays(self, mesh: Mesh) -> tuple[Any, ...]:
        found = self._meshes.get(id(mesh))
        if found:
            return found[1]
        gl = self._gl
        normals = mesh.normals
        if normals is None:
            normals = smooth_normals(mesh.vertices, mesh.faces)
        packed = np.zeros((len(mesh.vertices), 8), np.float32)
        packed[:, :3], packed[:, 3:6] = mesh.vertices, normals
        if mesh.uv is not None:
            packed[:, 6:] = mesh.uv
        points = gl.buffer(packed)
        faces = gl.buffer(np.ascontiguousarray(mesh.faces, np.int32))
        array = gl.vertex_array(
            self._program, [(points, "3f 3f 2f", "position", "normal", "at")], faces
        )
        shadow = gl.vertex_array(self._shadow_program, [(points, "3f 20x", "position")], faces)
        self._meshes[id(mesh)] = (mesh, (array, shadow, points, faces))
        return array, shadow, points, faces

    def _forget(self, used: set[int]) -> None:
        for key in self._meshes.keys() - used:
            for thing in self._meshes.pop(key)[1]:
                thing.release()

    def _texture(self, texture: Bytes | None) -> Any:
        if texture is None:
            return self._white
        if not texture.flags.writeable:  # of a pool: it will be used again
            if id(texture) not in self._pool:
                self._pool[id(texture)] = (texture, self._upload(texture))
            return self._pool[id(texture)][1]
        if id(texture) not in self._textures:
            while len(self._textures) >= _TEXTURES_KEPT:
                self._textures.pop(next(iter(self._textures)))[1].release()
            self._textures[id(texture)] = (texture, self._upload(texture))
        return self._textures[id(texture)][1]

    def _upload(self, texture: Bytes) -> Any:
        height, width = texture.shape[:2]
        made = self._gl.texture((width, height), 3, np.ascontiguousarray(texture), alignment=1)
        made.build_mipmaps()
        made.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return made


def _context() -> Any:
    """OpenGL without a screen; raises EdgeposeError where EGL is missing."""
    try:
        return moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]
    except Exception as error:  # moderngl's own, of no common kind
        hint = "on Debian: apt install libegl1 libgl1-mesa-dri"
        raise EdgeposeError("OpenGL (EGL)", f"cannot be opened: {error}", hint) from error


def _shadow_width(matrix: Floats) -> float:
    return float(2.0 / np.linalg.norm(matrix[0, :3]))


def _shadow_matrix(meshes: Sequence[Mesh], light: Light) -> Floats:
    """World to the shadow map's clip space (4, 4): a box around the people, along the light."""
    chosen = [mesh for mesh in meshes if mesh.label] or [mesh for mesh in meshes if mesh.casts]
    if not chosen:
        return np.eye(4, dtype=np.float32)
    low = np.min([mesh.vertices.min(axis=0) for mesh in chosen], axis=0) - _SHADOW_REACH
    high = np.max([mesh.vertices.max(axis=0) for mesh in chosen], axis=0) + _SHADOW_REACH
    low[1], high[1] = min(low[1] + _SHADOW_REACH, 0.0), high[1] - _SHADOW_REACH
    corners = np.array(
        [(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
    )
    ahead = np.asarray(light.direction, np.float64) / np.linalg.norm(light.direction)
    across = np.cross(ahead, (0.0, 1.0, 0.0) if abs(ahead[1]) < 0.99 else (1.0, 0.0, 0.0))  # noqa: PLR2004 - nearly straight down
    across /= np.linalg.norm(across)
    axes = np.stack([across, np.cross(ahead, across), ahead])
    turned = corners @ axes.T
    first, last = turned.min(axis=0), turned.max(axis=0)
    matrix = np.eye(4)
    matrix[:3, :3] = axes * (2.0 / (last - first))[:, None]
    matrix[:3, 3] = -(last + first) / (last - first)
    return matrix.astype(np.float32)
