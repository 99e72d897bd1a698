"""SDV's constraints in our spelling.

Three forms are read: ``{"constraint_class": "Inequality", "constraint_parameters": {...}}`` (SDV 1, and its
saved JSON), ``{"constraint": "sdv.constraints.tabular.Inequality", "low_column_name": ...}`` (metadata of
SDV 0.16 to 0.18), and objects of ``sdv.cag`` (SDV 1.18 and newer). Defaults are those of SDV's code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stockpot.constraints.rule import spelling
from stockpot.constraints.spelling import spelt
from stockpot.errors import ConstraintError

Parameters = Mapping[str, Any]
SUFFIX = ".json"


def texts_of(given: object) -> list[str]:
    """Constraints as sentences: of a sentence, an SDV constraint, a JSON file of them, or a list of these."""
    if isinstance(given, str) and given.lower().endswith(SUFFIX):
        return texts_of(_loaded(Path(given)))
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping) and "constraints" in given:
        return texts_of(given["constraints"])
    if isinstance(given, Mapping):
        return [_of_mapping(given)]
    if isinstance(given, Sequence):
        return [text for one in given for text in texts_of(one)]
    if type(given).__module__.startswith("sdv."):
        return [_read(type(given).__name__, _of_object(given))]
    raise ConstraintError(f"A {type(given).__name__} is no constraint: give a sentence, as in 'low <= high'.")


def _loaded(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConstraintError(f"There is no file {path} of constraints: check the path.") from None
    except (OSError, ValueError) as error:
        raise ConstraintError(f"{path} is no JSON of constraints ({error}).") from None


def _of_mapping(given: Mapping[str, Any]) -> str:
    if "constraint_class" in given:
        return _read(str(given["constraint_class"]), given.get("constraint_parameters") or {})
    if "constraint" in given:
        name = str(given["constraint"]).rpartition(".")[2]
        return _read(name, {k: v for k, v in given.items() if k != "constraint"})
    raise ConstraintError(f'{dict(given)!r} is no constraint of SDV\'s: it has no "constraint_class".')


def _of_object(given: object) -> Parameters:
    """What an ``sdv.cag`` constraint was made with; whether it is strict stands in its operator alone."""
    found = {name.lstrip("_"): value for name, value in vars(given).items()}
    if "operator" in found:
        strict = ("greater", "less", "gt", "lt")
        found["strict_boundaries"] = getattr(found["operator"], "__name__", "") in strict
    return found


def _read(name: str, given: Parameters) -> str:
    if name not in _READERS:
        raise ConstraintError(
            f"SDV's constraint {name!r} is not read: write it as a sentence, as in 'low <= high'; read are "
            f"{', '.join(_READERS)}."
        )
    try:
        return _READERS[name](given)
    except KeyError as error:
        raise ConstraintError(f"SDV's constraint {name!r} lacks its parameter {error.args[0]!r}.") from None


def _inequality(given: Parameters) -> str:
    sign = "<" if given.get("strict_boundaries", False) else "<="
    return f"{spelt(given['low_column_name'])} {sign} {spelt(given['high_column_name'])}"


def _range(given: Parameters) -> str:
    sign = "<" if given.get("strict_boundaries", True) else "<="
    low, middle, high = (spelt(given[f"{part}_column_name"]) for part in ("low", "middle", "high"))
    return f"{low} {sign} {middle} {sign} {high} and {low} {sign} {high}"


def _scalar_inequality(given: Parameters) -> str:
    relation = str(given["relation"])
    if relation not in (">", ">=", "<", "<="):
        raise ConstraintError(f"SDV's ScalarInequality has the relation {relation!r}: it is >, >=, < or <=.")
    return f"{spelt(given['column_name'])} {relation} {_value(given['value'])}"


def _scalar_range(given: Parameters) -> str:
    sign = "<" if given.get("strict_boundaries", True) else "<="
    low, high = _value(given["low_value"]), _value(given["high_value"])
    return f"{low} {sign} {spelt(given['column_name'])} {sign} {high}"


def _signed(sign: str) -> Callable[[Parameters], str]:
    def reader(given: Parameters) -> str:
        return f"{spelt(given['column_name'])} {sign}{'' if given.get('strict_boundaries', False) else '='} 0"

    return reader


def _increments(given: Parameters) -> str:
    return f"{spelt(given['column_name'])} % {_value(given['increment_value'])} == 0"


def _columns(called: str) -> Callable[[Parameters], str]:
    return lambda given: spelling(called, list(_listed(given["column_names"])))


def _listed(names: object) -> Iterator[str]:
    yield from [names] if isinstance(names, str) else (str(name) for name in names)  # type: ignore[attr-defined]


def _value(value: object) -> str:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else repr(str(value))


_READERS: dict[str, Callable[[Parameters], str]] = {
    "Inequality": _inequality,
    "ScalarInequality": _scalar_inequality,
    "Range": _range,
    "ScalarRange": _scalar_range,
    "Positive": _signed(">"),
    "Negative": _signed("<"),
    "FixedIncrements": _increments,
    "FixedCombinations": _columns("combinations"),
    "OneHotEncoding": _columns("one_hot"),
    "Unique": _columns("unique"),
}
