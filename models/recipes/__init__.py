"""How the files in models/ were made: one script a file, each telling how to run it."""
