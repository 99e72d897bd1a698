"""The ablation: nine questions on where a soup helps, asked of one table."""

from __future__ import annotations

from prefect import flow

from stockpot.ablation.config import AblateConfig
from stockpot.ablation.seeds import asked
from stockpot.flows.crew import Crew
from stockpot.flows.roll import begin, close
from stockpot.tasks.answer_question import answer_question
from stockpot.tasks.deal_seeds import deal_seeds
from stockpot.tasks.taste_recipes import taste_recipes
from stockpot.tasks.tell_answers import tell_answers


@flow(
    name="ablate",
    on_running=[begin],
    on_crashed=[close],
    flow_run_name="ablate {config.name} with {config.model}",
)
def ablate(config: AblateConfig = AblateConfig()) -> str:  # noqa: B008 - frozen, as the cook's
    """Deal the table's rows for each seed: some to learn from, the others to judge. Cook each seed up to its
    tasting, ask every seed every question, and tell the answers. Returns the page's path.
    """
    dishes = deal_seeds(config)
    with Crew(config.cook(0), dishes[0]) as crew:
        crew.do_each(taste_recipes, dish=dishes)
        crew.do_each(answer_question, **asked(dishes))
        return tell_answers(dishes, config)


if __name__ == "__main__":  # hand over at once: the classes must be stockpot.flows's
    import sys

    from stockpot.flows.cli import main

    main(["ablate", *sys.argv[1:]])
