"""The border's own games: and how exploitable behaviour in a run is."""
