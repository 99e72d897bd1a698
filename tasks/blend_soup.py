"""Blend the soup."""

from __future__ import annotations

from prefect.runtime import task_run

from stockpot import stages
from stockpot.dish import Dish, Made, soup_key, taste_key
from stockpot.summary import made_of
from stockpot.tasks.stage import stage


@stage("soup", "blend the soup of {dish.name}", soup_key)
def blend_soup(dish: Dish) -> Made:
    """The main menagerie by the winning proportions."""
    return stages.make_soup(dish)


def _told() -> str:
    """What is blended: by which recipe, of how many ingredients. Tasting has found it by then."""
    dish: Dish = task_run.parameters["dish"]
    try:
        whole = dish.place.has("taste", taste_key(dish))
    except OSError:  # no fault of a name's may fail the task, which will try again by itself
        whole = False
    if not whole:
        return f"blend the soup of {dish.name}"
    tasting = stages.read_tasting(dish)
    taste = tasting.taste(tasting.shipped)
    return f"blend the soup of {dish.name}: {made_of(taste.mixture)}"


blend_soup = blend_soup.with_options(task_run_name=_told)
