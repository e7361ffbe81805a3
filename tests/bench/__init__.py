"""How fast, and how well."""
