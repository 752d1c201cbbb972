"""Rules about manifests that the API server refuses, or accepts although they can never do what they say."""
