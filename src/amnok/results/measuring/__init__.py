"""Measures of results: `amnok.scenario.measures` says them, here they become numbers."""
