"""What can be done in the window: draft, file, withdraw, object, pay, decide, issue, install?"""

from payvand.window.actions.applications import file, object_, pay, withdraw
from payvand.window.actions.drafts import attach, drop_draft, save_step, start_draft, submit
from payvand.window.actions.licences import (
    decide,
    reinstate_licence,
    renew_licence,
    revoke_licence,
    suspend_licence,
)
from payvand.window.actions.oversight import look_into
from payvand.window.actions.programs import complete_with_files, file_with_files
from payvand.window.actions.services import install_pack, publish

__all__ = [
    "attach",
    "complete_with_files",
    "decide",
    "drop_draft",
    "file",
    "file_with_files",
    "install_pack",
    "look_into",
    "object_",
    "pay",
    "publish",
    "reinstate_licence",
    "renew_licence",
    "revoke_licence",
    "save_step",
    "start_draft",
    "submit",
    "suspend_licence",
    "withdraw",
]
