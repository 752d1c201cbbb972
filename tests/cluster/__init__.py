"""Tests on a real cluster: KUBECONFIG names it, `kubectl` is on PATH, the images are on its node or it can pull them.

They run only when this folder, or a file in it, is named: `pytest tests/cluster`, or `make test-cluster`. Each test has
a namespace of its own. What an interrupted run leaves behind goes with `kubectl delete namespace -l sidecarlib-tests`.
"""
