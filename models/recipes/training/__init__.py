"""Training: networks, targets, losses, augmentation, and the loop that may be interrupted."""
