"""The border's own games, and how exploitable behaviour is.

What a scenario's numbers make of the games in `amnok.solve`, and what best responses would gain
against the behaviour in a run.
"""

from amnok.equilibria.exploit import exploitability

__all__ = ["exploitability"]
