"""How much energy is missing, when, and how is the shortage shared fairly?"""
