"""How does a program load data, keep consumers, read balance and plan, and answer requests?"""

from ninja import Router

from payvand.energy.api import assets, plans, readings

router = Router()
for part in (plans, readings, assets):
    router.add_router("", part.router)
