"""Pictures of scenes by OpenGL without a screen, and what a lens and a sensor make of them."""
