"""What can be promised, and what explains a delay? Pure: numbers in, decisions out."""
