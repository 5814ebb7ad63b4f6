"""What may other contexts ask of the window?"""

from payvand.window.access import may_see_application
from payvand.window.actions import decide, file, install_pack, publish
from payvand.window.actions.progress import on_answered
from payvand.window.compiled import service_of

__all__ = [
    "decide",
    "file",
    "install_pack",
    "may_see_application",
    "on_answered",
    "publish",
    "service_of",
]
