"""The page of measured figures: JSON that the commands wrote in, one Markdown text out. Pure."""
