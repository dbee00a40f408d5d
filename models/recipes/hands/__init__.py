"""Hands: articulated under human limits, bare or gloved, empty or holding things, seen close."""
