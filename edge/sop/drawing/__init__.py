"""How a procedure is laid out, as a graph or as text."""
