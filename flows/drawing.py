"""The commands that ask a soup for rows: ``stockpot sample`` and ``stockpot impute``."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from stockpot.draw import set_seeds
from stockpot.errors import ConfigError
from stockpot.flows.sampling import impute_to, numbered, sample_to
from stockpot.reading import read_frame
from stockpot.soup import Soup
from stockpot.sources.asked import FOUND_OUT, Form
from stockpot.wishes.asked import Asked

Pot = Annotated[str, Parameter(help="A cook's soup folder, or hf://owner/name of the Hugging Face Hub.")]
Out = Annotated[
    str,
    Parameter(
        help="Where to: a file (.csv, .parquet, .xlsx, .csv.gz ...), a folder/ for `datasets`, a URL, a "
        "database's URL with ?table=, or - for standard output."
    ),
]
OutForm = Annotated[
    Form | None, Parameter(name="--format", help="What to write. Default: as the name says; to -, CSV.")
]
Several = tuple[str, ...]


def sample(
    soup: Pot,
    /,
    *,
    rows: Annotated[int | None, Parameter(help="Rows to draw.")] = None,
    out: Out,
    seed: Annotated[int, Parameter(help="Another seed gives other rows.")] = 0,
    form: OutForm = None,
    escape: Annotated[
        bool, Parameter(help="Put ' before cells of a CSV that begin with = + - or @.", negative="")
    ] = False,
    where: Annotated[
        Several,
        Parameter(
            help="A condition on one column: 'species=Gentoo', 'size >= 3', 'year in (2007, 2008)', "
            "'sex is missing'. May be repeated: all hold in every row."
        ),
    ] = (),
    balance: Annotated[
        str | None, Parameter(help="A column of categories whose levels come equally often.")
    ] = None,
    complete: Annotated[
        str | None, Parameter(help="A table of partial rows: what is missing in them is drawn.")
    ] = None,
    each: Annotated[int, Parameter(help="Rows for each partial row.")] = 1,
    constraint: Annotated[
        Several, Parameter(help="What must hold in every row, as in 'low <= high'; may be repeated.")
    ] = (),
    distinct: Annotated[bool, Parameter(help="No two rows are the same.", negative="")] = False,
    apart: Annotated[
        float | None,
        Parameter(
            help="Least distance to the rows of --apart-from: Gower's, a mean over columns, in (0, 1)."
        ),
    ] = None,
    apart_from: Annotated[str | None, Parameter(help="The real table, for --apart.")] = None,
    temperature: Annotated[
        float | None, Parameter(help="Below 1: sharper rows; above: wilder. Default: the cook's.")
    ] = None,
    emphasis: Annotated[
        Several,
        Parameter(
            help="column=factor: how much its values depend on the others; 1 is as learned, 0 not at all."
        ),
    ] = (),
    sets: Annotated[int, Parameter(help="Independent tables of so many rows: out-1.csv, out-2.csv ...")] = 1,
) -> None:
    """Draw rows from a soup. The real table is not needed."""
    wishes = Asked(
        constraints=constraint,
        where=where,
        balance=balance,
        distinct=distinct,
        apart=apart,
        apart_from=None if apart_from is None else read_frame(apart_from, FOUND_OUT)[0],
        temperature=temperature,
        emphasis=_factors(emphasis),
    )
    pot, count = _asked(Soup.load(soup), rows, complete, each, wishes)
    for place, own in zip(numbered(out, sets), set_seeds(sets, seed), strict=True):
        sample_to(pot, place, Console(), rows=count, seed=own, form=form, escape=escape)


def impute(
    soup: Pot, table: Annotated[str, Parameter(help="Rows with missing cells.")], /, *, out: Out
) -> None:
    """Fill the missing cells of a table by what a soup knows."""
    impute_to(Soup.load(soup), read_frame(table, FOUND_OUT)[0], out, Console())


def _asked(pot: Soup, rows: int | None, partial: str | None, each: int, wishes: Asked) -> tuple[Soup, int]:
    """What to draw from, and how many rows."""
    if partial is None:
        if each != 1:
            raise ConfigError("Option --each is for the rows of --complete: give these, or leave it out.")
        if rows is None:
            raise ConfigError("Option --rows is missing: say how many rows to draw.")
        return pot.wishing(**wishes), rows
    if rows is not None:
        raise ConfigError("Option --rows contradicts --complete: --each says how many rows each gets.")
    lines = read_frame(partial, FOUND_OUT)[0]
    return pot.completing(lines, each, **wishes), len(lines) * each


def _factors(emphasis: Several) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in emphasis:
        name, equals, factor = text.rpartition("=")
        try:
            found[name] = float(factor)
        except ValueError:
            equals = ""
        if not equals:
            raise ConfigError(f"Option --emphasis is {text!r}: write column=factor, as in income=1.5.")
    return found
