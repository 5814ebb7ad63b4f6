"""Which capability answers which need, and why?"""
