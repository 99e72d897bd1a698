"""Keeping a training's state on disk, so that one that was killed goes on where it was.

The noise of a step depends on the step's number alone, so a training that goes on ends in the same
weights, byte for byte. Keeping is a courtesy: a fault in it (a full disk) never harms the training.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

EVERY_SECONDS = 5.0
MOST_SHARE = 0.05
"""Of a training's time goes to keeping, whatever its size."""
ABANDONED_SECONDS = 7 * 86_400
STEP = "step"

State = Mapping[str, Tensor]
"""Everything that training changes, by name."""


class Keeper:
    """One training's file."""

    def __init__(self, path: Path, every: float = EVERY_SECONDS) -> None:
        self.path, self.every = path, every
        self.due = time.monotonic() + every

    @torch.no_grad()
    def resume(self, state: State) -> int:
        """How many steps were made before, 0 if nothing whole is kept; what they led to is copied into the
        state.
        """
        kept, steps = self._read()
        if _forms(kept) != _forms(state):
            return 0
        for name, value in state.items():
            value.copy_(kept[name])
        return steps

    def keep(self, state: State, step: int) -> None:
        """Write the state after ``step`` steps, if it is time."""
        start = time.monotonic()
        if start < self.due:
            return
        with suppress(OSError):
            self._write(state, step)
        took = time.monotonic() - start
        self.due = time.monotonic() + max(self.every, took / MOST_SHARE)

    def forget(self) -> None:
        """The training has ended, and its weights are kept elsewhere. Abandoned ones are forgotten with
        it.
        """
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
            for path in self.path.parent.iterdir():
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink(missing_ok=True)

    def _write(self, state: State, step: int) -> None:
        plain = {name: value.detach().cpu().contiguous() for name, value in state.items()}
        content = save(plain | {STEP: torch.tensor(step)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            part.write_bytes(hashlib.sha256(content).digest() + content)
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)

    def _read(self) -> tuple[dict[str, Tensor], int]:
        """What is kept, if it is whole: it begins with its own digest. And after how many steps."""
        try:
            read = self.path.read_bytes()
            whole = hashlib.sha256(read[32:]).digest() == read[:32]
            tensors = load(read[32:]) if whole else {}
        except (OSError, SafetensorError):
            return {}, 0
        steps = tensors.pop(STEP, torch.tensor(0))
        return tensors, int(steps)


def _forms(state: State) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {name: (value.shape, value.dtype) for name, value in state.items()}
