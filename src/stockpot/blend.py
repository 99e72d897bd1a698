"""Averaging weights: sum over ingredients of share x tensor, for any architecture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from stockpot.errors import BlendError

MANY = "Ingredients must share one architecture."
Rule = Callable[[Mapping[str, Tensor]], Mapping[str, Tensor]]
"""From the floating tensors of all ingredients, (n, ...) each in wide precision, to those of the soup."""


def blend(
    states: Sequence[Mapping[str, Tensor]],
    shares: Sequence[float],
    names: Sequence[str] = (),
    rule: Rule | None = None,
) -> dict[str, Tensor]:
    """The soup of the states by their shares, which sum to 1, or by a rule; the states are left alone.

    Floating tensors are blended in float64 and returned in their own dtype; other tensors (integer buffers,
    masks) must be equal in all. BlendError names what differs.
    """
    called = list(names) or [f"ingredient {i}" for i in range(len(states))]
    if not states or len(states) != len(shares):
        raise BlendError(
            f"Cannot blend {len(states)} ingredients by {len(shares)} shares: give one share each."
        )
    if not abs(sum(shares) - 1) <= 1e-6:  # not a number is no share either
        raise BlendError(f"Cannot blend by shares that sum to {sum(shares):.6g}: they must sum to 1.")
    for state, name in zip(states[1:], called[1:], strict=True):
        _agree(states[0], called[0], state, name)
    if rule is None:
        return {key: _average([s[key] for s in states], shares, key, called) for key in states[0]}
    return _by_rule(states, rule, called)


def _by_rule(states: Sequence[Mapping[str, Tensor]], rule: Rule, names: Sequence[str]) -> dict[str, Tensor]:
    floating = [key for key, value in states[0].items() if _can_be_averaged(value)]
    made = rule({key: torch.stack([s[key].to(_wide(s[key])) for s in states]) for key in floating})
    return {
        key: made[key].to(value.dtype) if key in made else _equal([s[key] for s in states], key, names)
        for key, value in states[0].items()
    }


def _agree(first: Mapping[str, Tensor], one: str, state: Mapping[str, Tensor], name: str) -> None:
    for key in sorted(first.keys() ^ state.keys()):
        lacks, has = (name, one) if key in first else (one, name)
        raise BlendError(
            f"Cannot blend '{name}' with '{one}': '{key}' is in '{has}' and not in '{lacks}'. {MANY}"
        )
    for key, value in first.items():
        mine, theirs = list(state[key].shape), list(value.shape)
        if mine != theirs:
            raise BlendError(
                f"Cannot blend '{name}' with '{one}': '{key}' is {mine} in one and {theirs} in the other. "
                f"{MANY}"
            )
        if state[key].dtype != value.dtype:
            raise BlendError(
                f"Cannot blend '{name}' with '{one}': '{key}' is {_dtype(state[key])} in one and "
                f"{_dtype(value)} in the other. Convert one of them first."
            )


def _average(tensors: Sequence[Tensor], shares: Sequence[float], key: str, names: Sequence[str]) -> Tensor:
    first = tensors[0]
    if not _can_be_averaged(first):
        return _equal(tensors, key, names)
    total = torch.zeros_like(first, dtype=_wide(first))
    for tensor, share in zip(tensors, shares, strict=True):
        total += share * tensor.to(total.dtype)
    return total.to(first.dtype)


def _equal(tensors: Sequence[Tensor], key: str, names: Sequence[str]) -> Tensor:
    first = tensors[0]
    for tensor, name in zip(tensors, names, strict=True):
        if not torch.equal(tensor, first):
            raise BlendError(
                f"Cannot blend '{name}' with '{names[0]}': '{key}' holds {_dtype(first)} values that differ, "
                "and only floating-point tensors can be averaged."
            )
    return first.clone()


def _can_be_averaged(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def _wide(tensor: Tensor) -> torch.dtype:
    return torch.complex128 if tensor.is_complex() else torch.float64


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
