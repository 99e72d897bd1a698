"""All that was trained in a kitchen, and the soups that can be made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from stockpot.families.base import Noise, Weights
from stockpot.kitchen import Kitchen, Menageries, chosen, menagerie
from stockpot.recipes.making import Aids, make
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.recipes.mix import Tensors
from stockpot.train import train
