"""Rules about ports: their numbers and names, and containers of one Pod that want the same one."""
