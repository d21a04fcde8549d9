"""Changes to procedures before anybody approved them."""
