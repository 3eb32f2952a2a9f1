"""Hours of ordinary work and bad luck: does anything grow?"""
