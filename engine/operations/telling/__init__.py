"""Who is told of what, when, and in which way they chose."""
