"""What a test needs of a cluster: a namespace of its own, waiting for conditions, and the times at which things happened.

It knows the Kubernetes API, KUBECONFIG and `kubectl`, and nothing about the machine, so that every cluster serves.
Nothing here knows sidecarlib or a product.
"""
