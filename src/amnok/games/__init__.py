"""What would rational players do? Games between those who inspect and those who are inspected.

Each game has a file. It is a value object: `game.solve()` gives a plan or an equilibrium with a
certificate, which `game.check(...)` makes anew from the payoffs alone. Import games from their
files: `from amnok.games.security import SecurityGame`.
"""

from amnok.games.deviations import exploit

__all__ = ["exploit"]
