"""When will it be done, who caused the delay, and what would make it faster?"""
