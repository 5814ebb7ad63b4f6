"""Which pages about energy are there?"""
