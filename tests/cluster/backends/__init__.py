"""The other ends that sidecars talk to, as Pods in the test's own namespace: a Vault server, OTLP backends, a Google key.

Each says what it stands in for. All pass the `restricted` Pod Security Standard.
"""
