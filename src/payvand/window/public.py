"""What may other contexts ask of the window?"""

from payvand.window.access import may_see_application
from payvand.window.actions import decide, file, install_pack, publish
from payvand.window.actions.progress import Case, asks_for, decision_ask, on_answered
from payvand.window.compiled import both, ground_of, level_place, owner_of, plan_json, service_of
from payvand.window.models import Application, Fee, HandOver, Licence, Service, ServiceVersion
from payvand.window.rules.graph import plan, ready
from payvand.window.rules.packs import shipped

__all__ = [
    "Application",
    "Case",
    "Fee",
    "HandOver",
    "Licence",
    "Service",
    "ServiceVersion",
    "asks_for",
    "both",
    "decide",
    "decision_ask",
    "file",
    "ground_of",
    "install_pack",
    "level_place",
    "may_see_application",
    "on_answered",
    "owner_of",
    "plan",
    "plan_json",
    "publish",
    "ready",
    "service_of",
    "shipped",
]
