"""What is drawn by chance in the sample world, and how can it be drawn again?"""
