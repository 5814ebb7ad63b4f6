"""What is known, what was promised, and which cases are open?"""
