"""Crashes, duplicates, delays: the real stages under everything that may happen to them."""
