"""What stands around people: rooms, clutter, textures, light, and where the camera hangs."""
