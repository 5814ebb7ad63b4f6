"""How does another system read its inbox, answer, sign, complete, acknowledge, and call back?

Refusals are raised; the place that mounts this router turns them into problem details (RFC 9457).
"""

from payvand.ledger.api import callbacks
from payvand.ledger.api.desk import router

__all__ = ["callbacks", "router"]
