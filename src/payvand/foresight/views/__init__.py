"""What do people see of promises and plans?"""
