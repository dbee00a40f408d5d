"""Poses get names: a classifier says which gesture a hand makes, and how a body stands or sits.

Each pose is named by itself, in every frame. That a name must hold for a while is the rules' worry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from edge.core.features import Features
from edge.core.types import Pose
from edge.decode.labels import Labels
from edge.errors import ModelError
from edge.modelstore import model_store
from edge.ports import Labelling
from edge.runtime.predictor import Predictor

# What names poses of a skeleton, where a rule needs names and no classifier was chosen.
USUAL = {"hand21": "edgepose-gesture-21", "body17": "edgepose-pose-17"}
_NOWHERE = (0, 0)  # the size of a vector's picture


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A network that takes a pose's vector; its backend is entered by the caller."""

    predictor: Predictor
    features: Features
    labels: Labels

    @classmethod
    def of(cls, predictor: Predictor) -> Classifier:
        """Raise ModelError for a model that is none."""
        manifest = predictor.manifest
        features, labels = manifest.input.vector, manifest.decoder
        if features is None or not isinstance(labels, Labels):
            hint = f"such as {', '.join(USUAL.values())}"
            raise ModelError(manifest.name, "is no classifier of poses", hint)
        return cls(predictor, features, labels)

    def named(self, pose: Pose) -> Pose:
        """The same pose with its label, or with none."""
        vector = self.features.of(pose)
        if vector is None:
            return pose
        found = self.labels(self.predictor.backend.infer(vector), _NOWHERE)
        return (
            replace(pose, label=found[0].label, label_score=found[0].label_score) if found else pose
        )


class Labeller:
    """The classifiers of one camera."""

    def __init__(self, predictors: Iterable[Predictor]) -> None:
        """Raise ModelError for a model that is no classifier."""
        known = [Classifier.of(predictor) for predictor in predictors]
        self._by_skeleton = {one.features.skeleton: one for one in known}

    def named(self, poses: Iterable[Pose]) -> tuple[Pose, ...]:
        """All poses, those with names that have a classifier; a glimpse is too unsure for one."""
        return tuple(
            pose if one is None or pose.glimpse else one.named(pose)
            for pose in poses
            for one in (self._by_skeleton.get(pose.skeleton),)
        )


def known_labels(skeleton: str, model: str = "") -> tuple[str, ...]:
    """Names that a classifier gives, the usual one's unless named; raises ModelError, Problems."""
    manifest = model_store().find(model or USUAL[skeleton]).manifest
    return names_of(manifest.decoder)


def names_of(decoder: object) -> tuple[str, ...]:
    """Names that a classifier's decoder gives; none for others."""
    return decoder.names if isinstance(decoder, Labels) else ()


def wanted(rules: Iterable[object]) -> Mapping[int, Mapping[str, tuple[str, ...]]]:
    """By the rule's place, from 1: the names it speaks of, by skeleton."""
    return {
        number: rule.labels
        for number, rule in enumerate(rules, start=1)
        if isinstance(rule, Labelling) and rule.labels
    }
