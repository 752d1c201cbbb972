"""What an agent of Vault is told, and what can be read from a configuration of one.

Belongs here: how it logs in, how it trusts the server, the files it writes, and its configuration file. The sidecar
itself is `sidecars/vault_agent.py`.
"""
