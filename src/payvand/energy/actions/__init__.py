"""What can be done about energy: load, foresee, warn, plan, sign, publish, answer, settle?"""
