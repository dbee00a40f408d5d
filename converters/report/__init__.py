"""What a conversion found out, told to people: CARD.md, a page with pictures, a terminal's table.

Each takes a `Result` and gives text; none writes a file. Only the page has latencies: the rest is
the same each time a model is made from the same files.
"""
