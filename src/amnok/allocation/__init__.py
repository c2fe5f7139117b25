"""Where an agency that commits itself puts its people: the plan that deters best, proven.

Below `world`, as a border's agencies may plan so; every other game is in `amnok.games`.
"""
