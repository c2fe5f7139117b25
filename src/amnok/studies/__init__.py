"""Studies of many runs: comparisons of policies, sweeps of parameters, verification of patterns."""
