"""The command line: ``stockpot cook``, ``sample``, ``impute``, ``push``, ``score``, ``blend``, ``forget``,
``benchmark``, ``ablate``, ``serve``, ``store``.

A user's mistake ends in one sentence on standard error and exit code 2, a fault of the world (a full disk)
in one and exit code 1.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError
from cyclopts.validators import Number
from pydantic import ValidationError
from rich.console import Console

from stockpot.ablation.config import AblateConfig, ablate_configured
from stockpot.benchmarks.config import BenchmarkConfig, benchmark_configured
from stockpot.config import CookConfig
from stockpot.configuration import configured, read_config, sentence
from stockpot.errors import StockpotError, UserError
from stockpot.flows.endings import CancelledInUIError, ServerGoneError, Terminated, heeded, leave, leave_soon
from stockpot.flows.store_commands import store
from stockpot.sources.asked import FOUND_OUT, Source
from stockpot.sources.place import PIPE

FAULT, MISTAKE, INTERRUPTED = 1, 2, 130
VERBOSE = "--verbose"
STDIN = "/dev/stdin"
"""What `-` stands for where a table is named: the parser would take it for an option."""
LONG = (["cook"], ["ablate"], ["benchmark"])
"""Commands that can show Prefect's log, and that go on where they were stopped."""
app = App(
    name="stockpot",
    help="More good synthetic rows from a table that is too small to learn from.",
    version=version("stockpot"),
    result_action="return_value",
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(negative_iterable=()),
)
console = Console()


@app.command
def cook(
    table: Annotated[
        str | None,
        Parameter(help="The real rows: a file, URL, database, or - for standard input."),
    ] = None,
    /,
    *,
    config: Annotated[
        Path | None, Parameter(help="YAML file of options; options given here override it.")
    ] = None,
    constraint: Annotated[
        tuple[str, ...], Parameter(help="One constraint, as in 'low <= high'; may come several times.")
    ] = (),
    verbose: Annotated[bool, Parameter(help="Show Prefect's log as well.", negative="")] = False,
    options: Annotated[CookConfig | None, Parameter(name="*", show=True)] = None,
) -> None:
    """Cook a table: synthetic rows, the soup that made them, and an account of how good they are."""
    from stockpot.flows.by_hand import cook_by_hand

    cook_by_hand(_merged(table, config, options, constraint), console, verbose=verbose)


def _merged(
    table: str | None, config: Path | None, options: CookConfig | None, constraints: Sequence[str] = ()
) -> CookConfig:
    """The file's options, overridden by those of the command line."""
    given: dict[str, Any] = options.model_dump(exclude_unset=True) if options else {}
    if constraints:
        given["constraints"] = [*given.get("constraints", ()), *constraints]
    if table is not None:
        given["table"] = table
    found = read_config(config) if config else {}
    return configured(_over(found, given))


def _over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = _over(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return merged


# A soup stands on torch: loaded when one is asked for rows.
app.command("stockpot.flows.drawing:sample", help="Draw rows from a soup. The real table is not needed.")
app.command("stockpot.flows.drawing:impute", help="Fill the missing cells of a table by what a soup knows.")


@app.command
def constraints(
    table: Annotated[str, Parameter(help="The real rows, from wherever a cook takes them.")],
    /,
    *,
    schema: Annotated[Path | None, Parameter(help="Schema: SDV metadata JSON, or column -> sdtype.")] = None,
    source: Annotated[Source | None, Parameter(help="How the table is read.")] = None,
) -> None:
    """Print what holds in every real row and hardly would by chance, as --constraint takes it."""
    from stockpot.constraints.detect import detect
    from stockpot.table import read

    found = read(table, schema=schema, source=source or FOUND_OUT)
    for one in detect(found.canonical, found.schema):
        console.print(one.text, highlight=False, markup=False, soft_wrap=True)


@app.command
def push(
    soup: Annotated[Path, Parameter(help="A cook's soup folder.")],
    repo: Annotated[str, Parameter(help="Model repository of the Hub: owner/name. It is made if need be.")],
    /,
    *,
    public: Annotated[
        bool, Parameter(help="Let anybody see a repository that is made.", negative="")
    ] = False,
    message: Annotated[str, Parameter(help="Of the commit.")] = "A soup",
) -> None:
    """Push a soup to the Hugging Face Hub. The token is HF_TOKEN, or that of `hf auth login`."""
    from stockpot.flows.pushing import push_by_hand

    push_by_hand(soup, repo, console, public=public, message=message)


@app.command
def score(
    real: Annotated[str, Parameter(help="The real rows.")],
    synthetic: Annotated[str, Parameter(help="The synthetic rows.")],
    /,
    *,
    holdout: Annotated[str | None, Parameter(help="Real rows that the model never saw.")] = None,
    schema: Annotated[Path | None, Parameter(help="Schema: SDV metadata JSON, or column -> sdtype.")] = None,
    seed: Annotated[int, Parameter(help="Seed of the rails.")] = 0,
    source: Annotated[Source | None, Parameter(help="How the real rows are read.")] = None,
) -> None:
    """Score synthetic rows of any source, beside what real rows, a copy and shuffled columns reach."""
    from stockpot.flows.scoring import print_scores

    print_scores(real, synthetic, holdout, schema, seed, console, source or FOUND_OUT)


@app.command
def forget(
    run: Annotated[Path, Parameter(help="A cook's folder of results.")],
    /,
    *,
    row: Annotated[
        tuple[int, ...],
        Parameter(
            help="Row of the table, counted from 0 as pandas counts: the line below the header is row 0. "
            "Several rows (--row 3 --row 17) must lie in one fold.",
            consume_multiple=True,
        ),
    ],
    out: Annotated[
        Path | None, Parameter(help="Folder to write. Default: forget-<row> in the cook's folder.")
    ] = None,
) -> None:
    """Ship a soup that never saw a row, out of what a cook has trained; say what that covers and costs."""
    from stockpot.flows.forgetting_by_hand import forget_by_hand

    forget_by_hand(run, row, out, console)


# Its choices are the registered recipes, which stand on torch: loaded when it is called.
app.command(
    "stockpot.flows.blending:blend",
    help="Blend the weights of any checkpoints that share one architecture and started from one base.",
)


@app.command
def benchmark(
    *,
    verbose: Annotated[bool, Parameter(help="Show Prefect's log as well.", negative="")] = False,
    options: Annotated[BenchmarkConfig | None, Parameter(name="*", show=True, consume_multiple=True)] = None,
) -> None:
    """Measure soups, their rivals, CART and other peers on public tables; what was measured is kept."""
    from stockpot.flows.bench_by_hand import benchmark_by_hand

    given = options.model_dump(exclude_unset=True) if options else {}
    benchmark_by_hand(benchmark_configured(given), console, verbose=verbose)


@app.command
def ablate(
    table: Annotated[
        str | None,
        Parameter(help="The real rows: a file, URL, database, or - for standard input."),
    ] = None,
    /,
    *,
    verbose: Annotated[bool, Parameter(help="Show Prefect's log as well.", negative="")] = False,
    options: Annotated[AblateConfig | None, Parameter(name="*", show=True)] = None,
) -> None:
    """Ask nine questions of a table: where do soups help, where not, and why."""
    from stockpot.flows.ablate_by_hand import ablate_by_hand

    given: dict[str, Any] = options.model_dump(exclude_unset=True) if options else {}
    ablate_by_hand(
        ablate_configured(given | ({} if table is None else {"table": table})), console, verbose=verbose
    )


@app.command
def serve(
    *,
    port: Annotated[
        int,
        Parameter(
            help="Of the Prefect server; the reports have the next one.", validator=Number(gte=1, lte=65534)
        ),
    ] = 4200,
    limit: Annotated[
        int, Parameter(help="Flow runs at a time; others wait.", validator=Number(gte=1, lte=1000))
    ] = 2,
) -> None:
    """Keep a Prefect server, a worker and the deployments running on this machine, until Ctrl-C."""
    from stockpot.flows.serve import serve as keep

    keep(port, limit, console)


app.command(store)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what goes wrong is told in one sentence, unless it is a fault of stockpot's own."""
    given = [STDIN if one == PIPE else one for one in (sys.argv[1:] if arguments is None else arguments)]
    kept = " What it has finished is kept: the same command goes on from there." * (given[:1] in LONG)
    try:
        with heeded():
            app(given, exit_on_error=False, print_error=False)
    except UserError as error:
        _end(str(error), MISTAKE)
    except CycloptsError as error:
        _end(_sentence(error), MISTAKE)
    except CancelledInUIError as error:
        _say(f"{error}.{kept}")
        leave_soon(INTERRUPTED)
    except ServerGoneError as error:
        print(file=sys.stderr)  # ends what Prefect may have begun to say
        _say(f"{error}{kept}")
        leave(FAULT)
    except (OSError, StockpotError) as error:
        if VERBOSE in given:
            raise
        hint = f"; {VERBOSE} shows where" if given[:1] in LONG else ""
        _end(f"{' '.join(str(error).split())} ({type(error).__name__}{hint})", FAULT)
    except (KeyboardInterrupt, Terminated) as end:
        _say(f"stopped.{kept}")
        leave_soon(getattr(end, "code", INTERRUPTED))


def _sentence(error: CycloptsError) -> str:
    """What a parser complains of, on one line; an option's fault in the words of the configuration."""
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        lost = ", ".join(map(repr, error.unused_tokens))
        return f"No option takes {lost}: put what has blanks, < or > in quotes, as in --where 'size >= 3'."
    cause = error.__cause__ or error.__context__
    return sentence(cause) if isinstance(cause, ValidationError) else " ".join(str(error).split())


def _end(sentence: str, code: int) -> None:
    _say(sentence)
    sys.exit(code)


def _say(sentence: str) -> None:
    print(f"stockpot: {sentence}", file=sys.stderr)
