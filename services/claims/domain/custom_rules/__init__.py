"""Rules that a practice writes itself, as data: conditions over documented facts of a claim.

`facts` is the list of what a condition may ask, `fact` says what one is, `fact_values` how some are read. `condition`
reads the JSON and refuses what is wrong with a pointer, `evaluation` says whether it is met and by what, `custom_rule`
makes a rule of it that is checked like any other. Nothing of a rule is ever run as code.
"""

from services.claims.domain.custom_rules.condition import Condition, read_condition
from services.claims.domain.custom_rules.custom_rule import CODE_PREFIX, GROUP, CustomRule, rule_of, said_by_practice
from services.claims.domain.custom_rules.fact import Fact, FactType
from services.claims.domain.custom_rules.facts import FACTS, facts_with
from services.claims.domain.custom_rules.operators import OPERATORS, Operator
from services.claims.domain.custom_rules.revisions import InForce, RevisionStatus, replaced_by, status_of

__all__ = [
    "CODE_PREFIX",
    "FACTS",
    "GROUP",
    "OPERATORS",
    "Condition",
    "CustomRule",
    "Fact",
    "FactType",
    "InForce",
    "Operator",
    "RevisionStatus",
    "facts_with",
    "read_condition",
    "replaced_by",
    "rule_of",
    "said_by_practice",
    "status_of",
]
