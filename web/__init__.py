"""Flask pages, JSON API and commands: the only place that wires the parts together and speaks French."""
