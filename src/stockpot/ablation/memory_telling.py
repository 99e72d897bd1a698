"""The eighth question's answer: what rows repeat, and what losses betray."""

from __future__ import annotations

from collections.abc import Sequence

from stockpot.ablation import memory as m
from stockpot.ablation.arms import Found
from stockpot.ablation.words import NOISE, amount, signed
from stockpot.rivals import ALL, ENSEMBLE, SHIPPED

DRAWN = (m.REAL, m.SINGLE, SHIPPED, ALL, ENSEMBLE)
ROWS = {
    "copy_rate": ("Copy rate (share of rows)", 4),
    "verbatim": ("Numbers that one learning row alone holds (share)", 3),
    "nearest": ("Mean distance to the closest learning row (Gower, 0 to 1)", 3),
    "nearer_train": ("Share of rows nearer to a learning row than to an unseen one", 2),
}
"""Figure -> (name, digits)."""


def memory(found: Found) -> list[str]:
    """8."""
    return [
        *(_of_rows(found, figure) for figure in ROWS),
        _attack(found, "auc_rows", "whoever has the drawn rows alone", DRAWN[1:]),
        _attack(found, "auc_loss", "whoever has the weights and looks at the loss alone", DRAWN[1:]),
        _attack(found, "auc_ratio", "whoever has models that never saw a row as well", DRAWN[1:]),
        _caught(found),
        _control(found),
        _soup(found),
        _parts(found),
        _hidden(found),
    ]


def _listed(found: Found, names: Sequence[str], figure: str, digits: int) -> str:
    means = {name: mean for name in names if (mean := found.mean(name, figure))}
    return "; ".join(f"{name} {amount(mean, digits)}" for name, mean in means.items())


def _of_rows(found: Found, figure: str) -> str:
    name, digits = ROWS[figure]
    less = found.less(SHIPPED, m.REAL, figure)
    over = f" The {SHIPPED} less real rows: {signed(less, digits)}." if less else ""
    return f"{name}: {_listed(found, DRAWN, figure, digits)}.{over}"


def _attack(found: Found, figure: str, who: str, names: Sequence[str]) -> str:
    told = _listed(found, names, figure, 3)
    return f"AUC by which {who} tells learning rows from fresh ones (0.5 is a coin): {told}." if told else ""


def _caught(found: Found) -> str:
    told = _listed(found, DRAWN[1:], "caught", 2)
    return f"At one false alarm in ten the last of these finds, of the learning rows (chance: 0.10): {told}."


def _control(found: Found) -> str:
    mean, plain = found.mean(m.NOBODY, "auc_ratio"), found.mean(m.NOBODY, "auc_loss")
    if mean is None or plain is None:
        return ""
    fair = mean.low is None or mean.high is None or mean.low <= 0.5 <= mean.high
    verdict = "as is due" if fair else "where 0.5 is due: so much of it is not membership"
    return (
        f"On a model that saw neither sort of row that attack reaches {amount(mean, 3)}, {verdict}; the loss "
        f"alone reaches {amount(plain, 3)}."
    )


def _soup(found: Found) -> str:
    """A single's members are the rows that it learned from itself."""
    less = found.less(ALL, m.UNSEEN, "auc_ratio")
    bound = found.less(ALL, ENSEMBLE, "auc_ratio")
    if less is None or bound is None:
        return ""
    return (
        "A single ingredient leaves some rows out, a soup of all none: the soup's AUC less that of a single "
        f"on the rows that it learned from itself is {signed(less)}; less the ensemble's: {signed(bound)}."
    )


def _parts(found: Found) -> str:
    told = _listed(found, (m.NO_NET, m.BASE), "auc_ratio", 3)
    return f"What the parts that all ingredients share betray, each by itself (AUC, likewise): {told}."


def _hidden(found: Found) -> str:
    """What is missed if rows that an ingredient left out are called unseen, though the base saw them."""
    honest, seeming = found.mean(m.UNSEEN, "auc_ratio"), found.mean(m.LEFT_OUT, "auc_ratio")
    less, alone = found.less(m.UNSEEN, m.LEFT_OUT, "auc_ratio"), found.mean(m.BY_BASE, "auc_ratio")
    if honest is None or seeming is None or less is None or alone is None:
        return ""
    verdict = "hides" if less.value > 0 else "does not hide"
    verdict = (
        f"{verdict} {amount(less, 3, sign=True)} of it"
        if less.apart
        else (f"hides of it {amount(less, 3, sign=True)}, which {NOISE}")
    )
    return (
        f"Single ingredients' own rows are told from rows that nothing saw by an AUC of {amount(honest, 3)}, "
        f"and from rows that they left out, but their base and codec saw, by {amount(seeming, 3)}: calling "
        f"these unseen {verdict}. Left-out rows are told from rows that nothing saw by {amount(alone, 3)}."
    )
