"""Further looks at what was read, and corrections of it."""
