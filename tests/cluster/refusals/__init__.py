"""What sidecarlib refuses, each with what a user would have written by hand instead of it: refused by both, or by policy alone."""
