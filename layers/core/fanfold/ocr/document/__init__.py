"""A document before it is read: what it is, its pages cut apart."""
