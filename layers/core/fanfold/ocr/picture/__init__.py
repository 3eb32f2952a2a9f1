"""The drawing of a page: its ink, rules, skew and turn."""
