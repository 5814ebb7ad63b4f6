"""How does a program find a service, apply, follow, complete, decide, and keep a licence?"""

from payvand.window.api import applications, office
from payvand.window.api.catalogue import router

__all__ = ["applications", "office", "router"]
