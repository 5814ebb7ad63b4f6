"""What do people see of promises, plans, delays and scorecards?"""
