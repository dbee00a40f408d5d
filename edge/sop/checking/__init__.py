"""What is wrong with a procedure, before a shift finds out."""
