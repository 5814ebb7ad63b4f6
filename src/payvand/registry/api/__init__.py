"""How does a program search the databank, and how does a firm keep its own profile from there?"""

from payvand.registry.api import importing, keeping
from payvand.registry.api.reading import router

__all__ = ["importing", "keeping", "router"]
