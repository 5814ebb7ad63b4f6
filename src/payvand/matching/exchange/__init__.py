"""How does a need become a contract? Needs, answers, invitations, deals, fairs, saved searches.

`access` says who may; `reading` reads; the other modules hold the actions, one transaction and at
least one event each.
"""
