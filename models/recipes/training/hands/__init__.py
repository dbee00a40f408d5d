"""Hands: landmarks of one in a crop, and a locator of palms in a picture."""
