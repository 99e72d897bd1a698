"""Hidden units renumbered: a net that was shuffled is found again, and what a net computes never changes."""

import numpy as np
import pytest
import torch

from stockpot.alignment import aligned
from stockpot.errors import BlendError
from stockpot.families import family
from stockpot.table import of_frame
from tests.small import frame

TABLE = of_frame(frame(40))
NETS = {"field": {"width": 8, "bins": 8, "basis": 3}, "char": {"width": 6, "embedding": 5}}
PAIR = {"in": (None, "unit"), "out": ("unit", None)}


@pytest.fixture(params=NETS, scope="module")
def program(request):
    return family(request.param).fit([TABLE.canonical], TABLE.schema, NETS[request.param])


def first(program, seed):
    """Weights that are all different: a start, and noise."""
    own = torch.Generator().manual_seed(seed)
    return {n: v[0] + 0.1 * torch.randn(v[0].shape, generator=own) for n, v in program.start(seed).items()}


def shuffled(state, symmetry, seed):
    """By the slow plain way: unit by unit, block by block. Each group has an order of its own."""
    rng, orders, moved = np.random.default_rng(seed), {}, dict(state)
    for name, kinds in symmetry.items():
        for axis, kind in enumerate(kinds):
            if kind is None:
                continue
            group, _, blocks = kind.partition("*")
            count = int(blocks or 1)
            units = state[name].shape[axis] // count
            order = orders.setdefault(group, rng.permutation(units))
            places = [block * units + unit for block in range(count) for unit in order]
            moved[name] = moved[name].index_select(axis, torch.tensor(places))
    return moved


def losses(program, state):
    """Of every row, at two scales."""
    bound, rows = program.bind(TABLE.canonical, [0]), torch.arange(40)[:, None]
    one = {name: value[None] for name, value in state.items()}
    return torch.stack(
        [bound.judge(one, row[None], torch.ones(1, 1), 6, torch.tensor([1.0, 3.0])).loss for row in rows]
    )


def same(ours, theirs):
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_units_renumbered_by_the_declared_groups_change_no_loss_of_any_row(program):
    state = first(program, 0)
    moved = shuffled(state, program.symmetry, 1)
    assert not same(state, moved)
    torch.testing.assert_close(losses(program, moved), losses(program, state), rtol=1e-5, atol=1e-5)


def test_units_renumbered_in_one_tensor_alone_are_another_net(program):
    state = first(program, 0)
    broken = state | {"leave.weight": state["leave.weight"].flip(0)}
    assert not torch.allclose(losses(program, broken), losses(program, state), rtol=1e-3)


def test_every_axis_that_is_as_long_as_the_hidden_layer_is_declared(program):
    """Widths are unlike any other size here, so none can be forgotten."""
    declared = {(n, i) for n, kinds in program.symmetry.items() for i, kind in enumerate(kinds) if kind}
    wide = {8} if "skip.weight" in program.shapes else {6, 24, 5}
    assert declared == {(n, i) for n, s in program.shapes.items() for i, size in enumerate(s) if size in wide}


@pytest.mark.parametrize("seed", range(3))
def test_a_net_that_was_shuffled_is_found_again_to_the_last_bit(program, seed):
    state = first(program, seed)
    assert same(aligned(shuffled(state, program.symmetry, seed), state, program.symmetry), state)


def test_a_net_aligned_with_itself_is_itself(program):
    state = first(program, 0)
    assert same(aligned(state, state, program.symmetry), state)


def test_aligned_with_another_net_it_computes_what_it_did(program):
    state, other = first(program, 0), first(program, 1)
    moved = aligned(state, other, program.symmetry)
    assert not same(moved, state)
    torch.testing.assert_close(losses(program, moved), losses(program, state), rtol=1e-5, atol=1e-5)


def test_alignment_brings_two_nets_nearer(program):
    state, other = first(program, 0), first(program, 1)
    moved = aligned(state, other, program.symmetry)
    before, after = (sum(float(((one[n] - other[n]) ** 2).sum()) for n in other) for one in (state, moved))
    assert after < before


def test_aligned_twice_it_is_the_same_and_leaves_both_alone(program):
    state, other = first(program, 0), first(program, 1)
    kept = {n: v.clone() for n, v in state.items()}, {n: v.clone() for n, v in other.items()}
    assert same(aligned(state, other, program.symmetry), aligned(state, other, program.symmetry))
    assert same(state, kept[0])
    assert same(other, kept[1])


def test_two_units_by_hand():
    state = {"in": torch.tensor([[1.0, 2.0]]), "out": torch.tensor([[3.0], [4.0]]), "steps": torch.tensor(7)}
    other = {"in": torch.tensor([[2.0, 1.0]]), "out": torch.tensor([[4.0], [3.0]]), "steps": torch.tensor(9)}
    moved = aligned(state, other, PAIR)
    assert moved["in"].tolist() == [[2.0, 1.0]]
    assert moved["out"].tolist() == [[4.0], [3.0]]
    assert moved["steps"] == 7


def test_half_precision_stays_what_it_is():
    state = {"in": torch.tensor([[1.0, 2.0]]), "out": torch.tensor([[3.0], [4.0]])}
    half = {name: value.to(torch.bfloat16) for name, value in state.items()}
    assert {value.dtype for value in aligned(half, half, PAIR).values()} == {torch.bfloat16}


STATE = {"in": torch.ones(1, 2), "out": torch.ones(2, 1)}


@pytest.mark.parametrize(
    ("symmetry", "said"),
    [
        ({"other": ("unit",)}, "names 'other': these weights have no such tensor"),
        ({"in": ("unit",)}, r"Cannot align 'in', \[1, 2\], by a symmetry of 1 axes: name a group"),
        ({"in": (None, "unit"), "out": (None, "unit")}, "'unit': it has 2 units in 'in' and 1 in 'out'"),
        ({"in": (None, "unit*4")}, r"'in' by 'unit\*4': its axis of 2 has no 4 equal blocks"),
    ],
)
def test_a_symmetry_that_does_not_fit_is_refused(symmetry, said):
    with pytest.raises(BlendError, match=said):
        aligned(STATE, STATE, symmetry)


def test_a_reference_of_another_architecture_is_refused():
    with pytest.raises(BlendError, match=r"'in', \[1, 2\], with a reference of \[1, 3\]"):
        aligned(STATE, STATE | {"in": torch.ones(1, 3)}, PAIR)
    with pytest.raises(BlendError, match="the reference has no such tensor"):
        aligned(STATE, {"in": STATE["in"]}, PAIR)
