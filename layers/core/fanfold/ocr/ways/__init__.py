"""The ways in which a page can be read: its layer, its picture, or both."""
