"""In which stream of the log stands what belongs to no single need?"""

from uuid import NAMESPACE_URL, uuid5

STREAM = uuid5(NAMESPACE_URL, "payvand:matching")
