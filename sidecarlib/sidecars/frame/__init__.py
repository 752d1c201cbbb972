"""What the products of the catalogue share: how one is recognised, and how all of them are found."""
