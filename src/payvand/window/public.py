"""What may other contexts ask of the window?"""

from payvand.window.access import Charge, charge_of, may_read_application, may_see_application
from payvand.window.actions import decide, file, install_pack, publish, save_step, start_draft
from payvand.window.actions.issuing import (
    condition_asks,
    hand_over_for,
    licence_for,
    number_of,
    objection_ask,
)
from payvand.window.actions.progress import Case, asks_for, decision_ask, on_answered
from payvand.window.compiled import (
    both,
    ground_of,
    level_place,
    owner_of,
    plan_of,
    service_of,
    term_of,
)
from payvand.window.models import Application, Fee, HandOver, Licence, Service, ServiceVersion
from payvand.window.queries.catalogue import role_name
from payvand.window.rules.graph import Plan, moot, plan, predecessors, ready
from payvand.window.rules.pack_model import CompiledService
from payvand.window.rules.packs import shipped

__all__ = [
    "Application",
    "Case",
    "Charge",
    "CompiledService",
    "Fee",
    "HandOver",
    "Licence",
    "Plan",
    "Service",
    "ServiceVersion",
    "asks_for",
    "both",
    "charge_of",
    "condition_asks",
    "decide",
    "decision_ask",
    "file",
    "ground_of",
    "hand_over_for",
    "install_pack",
    "level_place",
    "licence_for",
    "may_read_application",
    "may_see_application",
    "moot",
    "number_of",
    "objection_ask",
    "on_answered",
    "owner_of",
    "plan",
    "plan_of",
    "predecessors",
    "publish",
    "ready",
    "role_name",
    "save_step",
    "service_of",
    "shipped",
    "start_draft",
    "term_of",
]
