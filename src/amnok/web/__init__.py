"""The explorer: a local page that simulates while one drags. Needs nothing from a network."""
