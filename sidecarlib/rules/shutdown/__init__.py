"""Rules about how a Pod stops."""
