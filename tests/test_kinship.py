"""Weights that did not start from one base are told by how they look, or by what is said of them."""

from __future__ import annotations

import pytest
import torch

from stockpot import noise
from stockpot.ablation.bench import joined
from stockpot.errors import BlendError
from stockpot.kinship import ENTRIES, LEAST, kinship, refuse_strangers
from stockpot.train import Lot, train
from tests.small import frame, kitchen

torch.manual_seed(0)
ONE = {"enter.weight": torch.randn(20, 20), "bias": torch.randn(400)}
NEAR = {name: value + 0.5 * torch.randn_like(value) for name, value in ONE.items()}
FAR = {name: torch.randn_like(value) for name, value in ONE.items()}


def test_kinship_is_the_correlation_of_entries():
    one, other = torch.arange(300.0).view(2, 150), torch.arange(300.0).view(2, 150)
    assert kinship({"w": one}, {"w": 3 * other + 7}) == (pytest.approx(1), "w")
    assert kinship({"w": one}, {"w": -other}) == (pytest.approx(-1), "w")


def test_the_least_correlated_matrix_tells():
    alike, unlike = ONE["enter.weight"], FAR["enter.weight"]
    found = kinship({"a": alike, "b": alike}, {"a": alike, "b": unlike})
    assert found is not None
    assert found[1] == "b"
    assert abs(found[0]) < 0.2


@pytest.mark.parametrize(
    "tensor",
    [
        torch.randn(ENTRIES),  # a vector
        torch.randn(1, ENTRIES),  # a vector in a stack
        torch.randn(ENTRIES // 2 - 1, 2),  # too small
        torch.ones(20, 20),  # all the same
        torch.randint(9, (20, 20)),  # no floats
    ],
)
def test_what_is_no_matrix_of_some_size_tells_nothing(tensor):
    assert kinship({"w": tensor}, {"w": tensor.flip(0)}) is None
    refuse_strangers([{"w": tensor}, {"w": tensor.flip(0)}], ["a", "b"])


def test_weights_of_one_base_are_let_through():
    refuse_strangers([ONE, NEAR], ["a", "b"])


def test_weights_of_other_bases_are_refused_in_a_sentence():
    with pytest.raises(BlendError) as error:
        refuse_strangers([ONE, NEAR, FAR], ["a", "b", "c"])
    found = kinship(ONE, FAR)
    assert found is not None
    assert str(error.value) == (
        "Cannot blend 'c' with 'a': they do not seem to share a base, for the entries of their "
        f"'enter.weight' correlate by {found[0]:.2f} (by 0.1 or more where there is one), so their hidden "
        "units are numbered differently and the average is neither; align them (--recipe aligned --symmetry "
        "FILE), or average them all the same (--unrelated)."
    )


def test_what_is_said_of_bases_counts_more_than_looks():
    refuse_strangers([ONE, FAR], ["a", "b"], ["oak", "oak"])
    with pytest.raises(BlendError, match="they started from different bases, 'elm' and 'oak', so"):
        refuse_strangers([ONE, NEAR], ["a", "b"], ["oak", "elm"])
    with pytest.raises(BlendError, match="do not seem to share a base"):
        refuse_strangers([ONE, FAR], ["a", "b"], ["oak", None])


@pytest.mark.parametrize(
    ("model", "net"), [("field", {"width": 16}), ("char", {"width": 16, "embedding": 16})]
)
def test_trained_nets_of_one_base_and_of_others_are_told_apart(model, net):
    cook = kitchen(frame(40), model=model, net=net, folds=0, subsets={"count": 2}, grid={"steps": [30]})
    rows = cook.deal.learning(0)

    def trained(starts, settings):
        stack = joined([{name: value[:1] for name, value in start.items()} for start in starts])
        lots = [Lot(noise.key("lot", i), settings, rows, rows) for i in range(2)]
        return train(cook.program.bind(cook.frame, [0, 0]), stack, lots)[0]

    settings = cook.plan.ingredients[0].settings
    same = trained([cook.program.start(0)] * 2, settings)
    apart = trained([cook.program.start(0), cook.program.start(1)], settings)
    alike, unlike = (kinship(*({n: v[i] for n, v in s.items()} for i in (0, 1))) for s in (same, apart))
    assert alike is not None
    assert unlike is not None
    assert alike[0] > 0.3 > LEAST > unlike[0]
