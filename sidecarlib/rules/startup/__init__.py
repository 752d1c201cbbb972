"""Rules about how a Pod starts: what is accepted, and then never gets going."""
