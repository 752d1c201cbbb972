"""Frozen, keyword-only values in snake_case of the Kubernetes field names; each renders itself to a plain dict.

Belongs here: what a container, a probe, a volume or a variable *is*, and the checks that one value can make of itself.
Does not belong here: order between containers, rules over a whole Pod, products, cdk8s, files, network.
Imports `errors` alone.
"""
