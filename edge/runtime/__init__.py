"""The imperative shell: threads, files, clocks and the orderly end."""
