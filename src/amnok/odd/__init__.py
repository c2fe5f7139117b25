"""The ODD page: the model described from a scenario and from the code itself."""
