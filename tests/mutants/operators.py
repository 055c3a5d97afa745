"""What is broken: mutmut's operators, and three that it does not have.

The operators are those of a known tool, so that the share of survivors can be compared with other code bases and was
not made small by choosing easy mutants. mutmut's own runner is not used: it mutates only what stands inside functions,
while half of the decisions here are tables and field defaults of modules, it imports the product into its own process,
and it runs every test that calls a function instead of those that reach the line. cosmic-ray has no operators for
strings and arguments, and needs a web server.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.mutators import mutation_operators, operator_swap_op

HUMAN_TEXT = re.compile(r"[A-Za-z,;:.')]\s+[a-z(]")
"""Two words: wording for people, which may change without anything being broken."""
LOGGERS = m.Name("log") | m.Name("logger") | m.Name("LOG") | m.Name("_log") | m.Name("logging")
Operator = Callable[[Any], Iterable[cst.CSTNode]]


def drop_statement(node: cst.Expr) -> Iterator[cst.CSTNode]:
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def drop_raise(node: cst.Raise) -> Iterator[cst.CSTNode]:
    yield cst.Pass()


def negate_condition(node: cst.If | cst.CompIf) -> Iterator[cst.CSTNode]:
    """`if x` where x is a name, an attribute or a call; comparisons have operators of their own."""
    if isinstance(node.test, cst.Name | cst.Attribute | cst.Call):
        yield node.with_changes(
            test=cst.UnaryOperation(cst.Not(), node.test), whitespace_before_test=cst.SimpleWhitespace(" ")
        )


SWAPPED = (cst.BinaryOperation, cst.UnaryOperation, cst.BooleanOperation, cst.ComparisonTarget, cst.AugAssign)
"""mutmut asks its slowest operator about every node; these are those that it breaks."""
OPERATORS: list[tuple[Any, Operator]] = [
    *((SWAPPED if operator is operator_swap_op else kind, operator) for kind, operator in mutation_operators),
    (cst.Expr, drop_statement),
    (cst.Raise, drop_raise),
    (cst.If, negate_condition),
    (cst.CompIf, negate_condition),
]


def mutations(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Every node that may stand in place of this one; none where only wording for people would change."""
    if is_human_text(node):
        return []
    return [
        mutated
        for kind, operator in OPERATORS
        if isinstance(node, kind)
        for mutated in operator(node)
        if not _changes_only_wording(node, mutated)
    ]


def may_be_broken(node: cst.CSTNode) -> bool:
    """False for what is no behaviour: annotations, imports, docstrings, `__all__`, logging, options of a dataclass."""
    if isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom | cst.TypeAlias):
        return False
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString):
        return False
    pattern = NO_BEHAVIOUR.get(type(node))
    return pattern is None or not m.matches(node, pattern)


LOGGING = m.Call(func=m.Attribute(value=LOGGERS))
NO_BEHAVIOUR: dict[type[cst.CSTNode], m.BaseMatcherNode] = {
    cst.Assign: m.Assign(targets=[m.AssignTarget(m.Name("__all__"))]),
    cst.Call: LOGGING | m.Call(func=m.Name("TypeVar") | m.Name("cast") | m.Name("NewType")),
    cst.Expr: m.Expr(LOGGING),
    cst.Decorator: m.Decorator(decorator=m.Name("dataclass") | m.Call(func=m.Name("dataclass"))),
    cst.If: m.If(test=m.Name("TYPE_CHECKING")),
}


def is_human_text(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return bool(HUMAN_TEXT.search(node.value))
    if isinstance(node, cst.ConcatenatedString):
        return is_human_text(node.left) or is_human_text(node.right)
    if isinstance(node, cst.FormattedString):
        return any(isinstance(part, cst.FormattedStringText) and HUMAN_TEXT.search(part.value) for part in node.parts)
    return False


def _changes_only_wording(node: cst.CSTNode, mutated: cst.CSTNode) -> bool:
    if isinstance(node, cst.Call) and isinstance(mutated, cst.Call) and len(node.args) == len(mutated.args):
        changed = [before.value for before, after in zip(node.args, mutated.args, strict=True) if before is not after]
        return len(changed) == 1 and is_human_text(changed[0])
    if isinstance(node, cst.Assign | cst.AnnAssign) and node.value is not None:
        return is_human_text(node.value)
    return False
