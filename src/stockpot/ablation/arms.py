"""What a question finds: arms, each a way to a model, with its figures; and their means over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stockpot.score.intervals import Interval, t_interval


@dataclass(frozen=True)
class Arm:
    """One seed's figures of one way. ``at`` are its coordinates, where it is a point of a curve or map."""

    name: str
    figures: dict[str, float]
    at: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One question's arms, seed by seed."""

    seeds: Sequence[Sequence[Arm]]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(arm.name for seed in self.seeds for arm in seed))

    def at(self, name: str) -> Mapping[str, float]:
        return next(arm.at for seed in self.seeds for arm in seed if arm.name == name)

    def values(self, name: str, figure: str) -> dict[int, float]:
        """Seed -> value; a seed whose arm drew no rows has none."""
        return {
            number: arm.figures[figure]
            for number, seed in enumerate(self.seeds)
            for arm in seed
            if arm.name == name and figure in arm.figures
        }

    def mean(self, name: str, figure: str) -> Interval | None:
        known = list(self.values(name, figure).values())
        return t_interval(known) if known else None

    def less(self, ours: str, theirs: str, figure: str, other: str | None = None) -> Interval | None:
        """Ours less theirs (its figure ``other``), seed by seed."""
        a, b = self.values(ours, figure), self.values(theirs, other or figure)
        gaps = [a[seed] - b[seed] for seed in a if seed in b]
        return t_interval(gaps) if gaps else None
