"""Measurements of the same runtime that ships: never part of the tests, never timed there."""
