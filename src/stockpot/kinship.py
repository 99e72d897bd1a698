"""Whether weights started from one base: those of different first weights cannot be averaged as they are.

Two nets that learned apart number their hidden units differently, so their weights have nothing to do with
each other, entry by entry, though the nets may be equally good; only what both ends of the net fix (a skip
from inputs to outputs, say) is alike. So the *least* correlated matrix tells, not the mean. Of four
ingredients a menagerie, trained on 80 penguins, that of the least and of the most alike pair, and the
*barrier*: held-out loss of the soup of the four less their mean (``python -m
stockpot.benchmarks.strangers``, one seed):

    settings                            one base         barrier   a base each      barrier
    field, usual                        0.75 to 0.84     -0.026    -0.04 to 0.02    +0.018
    field, ten times the steps          0.46 to 0.58     -0.061    -0.06 to 0.01    -0.020
    field, three times the rate         0.30 to 0.55     -0.062    -0.10 to -0.01   -0.009
    field, ten times the rate           0.11 to 0.16     -0.054     0.04 to 0.12    -0.041
    char, usual                         0.82 to 0.84     +0.002    -0.04 to 0.00    +2.312
    char, noisy                         0.50 to 0.53     -0.138    -0.04 to 0.00    +2.391
    char, noisy, three times the steps  0.27 to 0.28     -0.093    -0.05 to -0.01   +2.655

At ten times the usual rate hardly anything of the base is left, and the two can hardly be told apart, neither
by their weights nor by what averaging does to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from stockpot.errors import BlendError

LEAST = 0.1
"""A matrix that is correlated less is no kin's."""
ENTRIES = 256
"""A smaller matrix tells nothing: of so many entries chance alone makes a correlation of 0.06."""


def kinship(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> tuple[float, str] | None:
    """The correlation of the entries of two states' least correlated matrix, and its name; None where there
    is none to tell.

    Matrices are floating tensors of one shape with two axes or more that are longer than 1.
    """
    shared = [name for name, value in one.items() if name in other and _tells(value, other[name])]
    return min(((_correlation(one[name], other[name]), name) for name in shared), default=None)


def _tells(one: Tensor, other: Tensor) -> bool:
    axes = sum(length > 1 for length in one.shape)
    fits = one.is_floating_point() and one.shape == other.shape and axes > 1 and one.numel() >= ENTRIES
    return fits and all(bool((value != value.flatten()[0]).any()) for value in (one, other))


def _correlation(one: Tensor, other: Tensor) -> float:
    a, b = (value.double() - value.double().mean() for value in (one, other))
    return float((a * b).sum() / (a.norm() * b.norm()))


def refuse_strangers(
    states: Sequence[Mapping[str, Tensor]], names: Sequence[str], bases: Sequence[str | None] = ()
) -> None:
    """BlendError unless all started where the first one did: as is known of them, or as their weights look.

    ``bases``: the name of each one's base, where it is known.
    """
    known = list(bases) or [None] * len(states)
    for state, name, base in zip(states[1:], names[1:], known[1:], strict=True):
        why = _different(base, known[0]) if base and known[0] else _unlike(states[0], state)
        if why:
            raise BlendError(
                f"Cannot blend '{name}' with '{names[0]}': {why}, so their hidden units are numbered "
                "differently and the average is neither; align them (--recipe aligned --symmetry FILE), or "
                "average them all the same (--unrelated)."
            )


def _different(base: str, other: str) -> str:
    return f"they started from different bases, '{base}' and '{other}'" if base != other else ""


def _unlike(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> str:
    found = kinship(one, other)
    if found is None or found[0] >= LEAST:
        return ""
    return (
        f"they do not seem to share a base, for the entries of their '{found[1]}' correlate by "
        f"{found[0]:.2f} (by {LEAST} or more where there is one)"
    )
