"""Cancelled in the Prefect UI, by the button's own request."""

from __future__ import annotations

from tests.e2e.house import House, Pot, pot
from tests.e2e.trouble import KEPT, SLOW, orphans, until


def test_a_cook_by_hand_that_is_cancelled_in_the_ui_ends_and_goes_on_later(
    house: House, undisturbed_slow: Pot, tmp_path
):
    trees = pot(tmp_path, "cancelled", **SLOW)
    with house.start("cook", *trees.arguments(workers=1)) as process:
        until(lambda: bool(trees.trained()), process)
        (run,) = house.runs_of(trees.table)
        house.cancel(run)
        _, err = process.communicate(timeout=60)
        until(lambda: orphans(process) == [])  # Python's own tracker of resources ends a moment later
    assert (process.returncode, err) == (130, f"stockpot: cancelled in the Prefect UI. {KEPT}\n")
    (run,) = house.runs_of(trees.table)
    assert run["state_name"] == "Cancelled"
    kept = trees.trained()
    assert len(kept) < 6
    assert house.run("cook", *trees.arguments()).code == 0
    assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    assert trees.soup() == undisturbed_slow.soup()
