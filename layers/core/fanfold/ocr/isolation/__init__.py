"""Reading in children that may die: the sandbox, and what is run in it."""
