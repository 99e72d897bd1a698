"""How good synthetic rows are, and whether they leak: pure functions on tables. One module a family of
figures.
"""

from stockpot.score.align import Kind, Kinds, kinds_of, kinds_of_schema
from stockpot.score.compare import RowScores, Yardstick, reference, score_rows
from stockpot.score.fidelity import FidelityScore, FidelityTo
from stockpot.score.intervals import Interval, fold_interval, paired_difference, t_interval
from stockpot.score.privacy import copy_rate, nearer_train, nearest, verbatim
from stockpot.score.quality import QualityScore, QualityTo
from stockpot.score.reports import DiagnosticScore, diagnostic_report, new_rows, quality_report
from stockpot.score.tables import Line, TableScores, score_tables

__all__ = [
    "DiagnosticScore",
    "FidelityScore",
    "FidelityTo",
    "Interval",
    "Kind",
    "Kinds",
    "Line",
    "QualityScore",
    "QualityTo",
    "RowScores",
    "TableScores",
    "Yardstick",
    "copy_rate",
    "diagnostic_report",
    "fold_interval",
    "kinds_of",
    "kinds_of_schema",
    "nearer_train",
    "nearest",
    "new_rows",
    "paired_difference",
    "quality_report",
    "reference",
    "score_rows",
    "score_tables",
    "t_interval",
    "verbatim",
]
