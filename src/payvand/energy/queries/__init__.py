"""What is there to be read about energy?"""
