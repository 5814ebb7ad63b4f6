"""Who is calling, which places are there, and how is the databank searched and kept?"""

from payvand.registry.api import importing, keeping, oneself
from payvand.registry.api.reading import router

__all__ = ["importing", "keeping", "oneself", "router"]
