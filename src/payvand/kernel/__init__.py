"""What does everything else stand on? Pure building blocks: no Django, no database, no network.

Import the modules, not this package: ``from payvand.kernel import clock``.
"""
