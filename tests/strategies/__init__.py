"""Random input for the properties that any composition keeps: containers, volumes, sidecars, whole Pods and workloads.

Each strategy draws what sidecarlib's documentation allows, the unusual included; what a strategy leaves out, it says.
"""
