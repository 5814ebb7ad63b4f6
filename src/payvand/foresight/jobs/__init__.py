"""What does the worker do for foresight, each minute and each night?"""
