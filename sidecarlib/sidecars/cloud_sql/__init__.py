"""What the Cloud SQL Auth Proxy is told, and what can be read from a command line of one.

Belongs here: instances and where they are served, its flags and the versions that have them, and what a hand-written container
of it binds. The sidecar itself is `sidecars/cloud_sql_proxy.py`.
"""
