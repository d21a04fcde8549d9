"""FEEL, the expression language of DMN 1.5 (chapter 10): the engine's only language for conditions, timers, cells and scripts.

No Python is ever evaluated. What goes wrong inside an expression is null, with a reason; what cannot be read raises
FeelSyntaxError; what takes too much raises FeelLimit. This package is the only door to lark and regex.
"""

from engine.feel.ambiguity import is_ambiguous
from engine.feel.calling import call, host_function
from engine.feel.codec import exact, from_json, from_plain, json_number, plain, to_json
from engine.feel.comparison import equal
from engine.feel.errors import FeelError, FeelLimit, FeelSyntaxError
from engine.feel.expressions import (  # as re.compile
    Expression,
    Result,
    compile,
    compile_unary,
    evaluate,
    evaluate_detail,
    has_lost_condition,
    literal_kind,
    split_unary,
    unary,
    with_types,
)
from engine.feel.interpreter import Variables
from engine.feel.iso import add, iso_date, iso_datetime, iso_duration, iso_time
from engine.feel.limits import Run
from engine.feel.nodes import TypeName
from engine.feel.rendering import text
from engine.feel.values import DaysTime, Function, Kind, Range, Value, YearsMonths, coerce, kind

__all__ = [
    "DaysTime",
    "Expression",
    "FeelError",
    "FeelLimit",
    "FeelSyntaxError",
    "Function",
    "Kind",
    "Range",
    "Result",
    "Run",
    "TypeName",
    "Value",
    "Variables",
    "YearsMonths",
    "add",
    "call",
    "coerce",
    "compile",
    "compile_unary",
    "equal",
    "evaluate",
    "evaluate_detail",
    "exact",
    "from_json",
    "from_plain",
    "host_function",
    "is_ambiguous",
    "iso_date",
    "iso_datetime",
    "iso_duration",
    "iso_time",
    "has_lost_condition",
    "json_number",
    "kind",
    "literal_kind",
    "plain",
    "split_unary",
    "text",
    "to_json",
    "unary",
    "with_types",
]
