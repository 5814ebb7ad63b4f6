"""How does one application reach every office that must answer, and become a decision?"""
