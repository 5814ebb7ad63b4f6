"""What do the rules of a service say, without asking any database?"""
