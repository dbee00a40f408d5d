"""A clip of our own: an operator at a bench does a procedure, walks away, falls and gets up."""
