"""The renderer's shaders (GLSL 3.30). Gamma is 2 throughout: a root is cheaper than a power."""

from __future__ import annotations

from typing import Final

SHADOW_VERTEX: Final = """
#version 330
uniform mat4 matrix;
in vec3 position;
void main() { gl_Position = matrix * vec4(position, 1.0); }
"""

SHADOW_FRAGMENT: Final = """
#version 330
void main() {}
"""

VERTEX: Final = """
#version 330
uniform mat4 matrix;
uniform mat4 shadow_matrix;
uniform vec3 towards_light;
in vec3 position;
in vec3 normal;
in vec2 at;
out vec3 world;
out vec3 side;
out vec2 uv;
out vec3 in_shadow;
void main() {
    gl_Position = matrix * vec4(position, 1.0);
    world = position;
    side = normal;
    uv = at;
    // Moved a little off the surface, so that it does not shade itself.
    float facing = dot(normal, towards_light);
    vec3 off = position + normal * (facing < 0.0 ? -0.01 : 0.012) + towards_light * 0.015;
    in_shadow = (shadow_matrix * vec4(off, 1.0)).xyz * 0.5 + 0.5;
}
"""

FRAGMENT: Final = """
#version 330
uniform sampler2D picture;
uniform sampler2DShadow shadows;
uniform vec3 eye;
uniform vec3 towards_light;
uniform vec3 light_color;
uniform vec3 above;
uniform vec3 below;
uniform vec3 material_color;
uniform vec3 surface;  // gloss, glow, label
uniform float softness;
in vec3 world;
in vec3 side;
in vec2 uv;
in vec3 in_shadow;
out vec4 result;
void main() {
    vec3 base = texture(picture, uv).rgb;
    base = base * base * material_color;
    vec3 n = normalize(gl_FrontFacing ? side : -side);
    float facing = max(dot(n, towards_light), 0.0);
    if (facing > 0.0 && in_shadow.x > 0.0 && in_shadow.x < 1.0 && in_shadow.y > 0.0
        && in_shadow.y < 1.0 && in_shadow.z < 1.0) {
        float s = softness;
        facing *= 0.25 * (
            texture(shadows, in_shadow + vec3(s, 0.4 * s, 0.0))
            + texture(shadows, in_shadow + vec3(-0.4 * s, s, 0.0))
            + texture(shadows, in_shadow + vec3(-s, -0.4 * s, 0.0))
            + texture(shadows, in_shadow + vec3(0.4 * s, -s, 0.0)));
    }
    vec3 around = mix(below, above, 0.5 + 0.5 * n.y);
    vec3 seen = base * (around + light_color * facing);
    if (surface.x > 0.0) {
        vec3 towards_eye = normalize(eye - world);
        vec3 half_way = normalize(towards_light + towards_eye);
        float power = 8.0 + 120.0 * surface.x;
        float shine = pow(max(dot(n, half_way), 0.0), power) * facing * (0.5 + 2.0 * surface.x);
        float edge = 1.0 - max(dot(n, towards_eye), 0.0);
        edge = edge * edge * edge * 0.3;
        seen += surface.x * (light_color * shine + edge * around);
    }
    seen = mix(seen, base, surface.y);
    result = vec4(sqrt(clamp(seen, 0.0, 1.0)), surface.z);
}
"""
