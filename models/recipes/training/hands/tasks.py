"""What is learned of hands, for the training loop."""

from __future__ import annotations

from models.recipes.training.hands.batch import hand_batch
from models.recipes.training.hands.locator_batch import locator_batch
from models.recipes.training.hands.locator_loss import locator_loss
from models.recipes.training.hands.locator_network import LocatorNetwork, LocatorShape
from models.recipes.training.hands.loss import hand_loss
from models.recipes.training.hands.network import HandNetwork, HandShape
from models.recipes.training.task import Task

LANDMARKS, LOCATOR = "hand-landmarks", "hand-locator"


def landmarks_task(shape: HandShape) -> Task:
    """Landmarks of the hand in a crop."""
    return Task(LANDMARKS, lambda: HandNetwork(shape), shape.as_plain(), hand_batch, hand_loss)


def locator_task(shape: LocatorShape) -> Task:
    """Palms in a picture."""
    return Task(
        LOCATOR, lambda: LocatorNetwork(shape), shape.as_plain(), locator_batch, locator_loss
    )
