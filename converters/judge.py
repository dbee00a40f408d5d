"""Quantized models held against their float original, picture by picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from converters.families import Family
from converters.parity import accuracy
from converters.parity.measure import Parity
from converters.parity.truth import Truth
from converters.pictures import Picture
from converters.progress import Progress
from converters.result import Sight, Trial
from converters.trials import Contender, Poses
from converters.views import views
from edge.errors import EdgeposeError

Looks = Mapping[tuple[str, str], Poses]  # (target, backend) -> what it sees


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Knows the pictures, what the original sees in their views, and what is too far from it."""

    family: Family
    tolerances: Any  # the family's
    pictures: Sequence[Picture]
    reference: Poses  # in every view of every picture, as `views` has them
    truth: Truth | None  # what somebody marked in the pictures as they are

    def compare(
        self, rivals: Sequence[Contender], progress: Progress
    ) -> tuple[tuple[Trial, ...], Looks]:
        """Open each as a device would; one that does not open is refused with the reason."""
        trials, looks = [], {}
        for rival in rivals:
            bare = Trial(rival.target, rival.backend, rival.size, None)
            with progress.stage(f"compare {rival.target}") as bar:
                try:
                    seen = rival.see(views(self.pictures), bar)
                except EdgeposeError as error:
                    trials.append(replace(bare, refused=error.problem))
                    continue
                looks[rival.target, rival.backend] = seen
                trials.append(replace(bare, parity=self._parity(seen)))
        return tuple(trials), looks

    def _parity(self, seen: Poses) -> Parity:
        parity = self.family.compare(self.reference, seen, self.tolerances)
        count = len(self.pictures)
        parity = replace(parity, pictures=count)
        if self.truth is None:
            return parity
        whole = (self.reference[:count], seen[:count])
        rows = accuracy.compare(self.truth, *whole, self.tolerances)
        return replace(parity, measures=(*parity.measures, *rows))

    def sights(self, looks: Looks) -> tuple[Sight, ...]:
        """Every picture, as the original and each rival sees it."""
        return tuple(
            Sight(
                name=picture.name,
                image=picture.image,
                reference=self.reference[number],
                seen={trial: poses[number] for trial, poses in looks.items()},
            )
            for number, picture in enumerate(self.pictures)
        )
