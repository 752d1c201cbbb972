"""What the rules share: severity, finding, the rule itself, acknowledgements, and how all rules are found and run."""
