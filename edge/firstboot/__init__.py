"""A device set up by one plain file that its owner writes onto the card."""
