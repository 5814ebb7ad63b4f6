"""Which pages do the desks of the ledger have?"""
