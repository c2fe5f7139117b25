"""What would clever people do? Games between those who inspect and those who are inspected."""
