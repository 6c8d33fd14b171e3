"""Settings of a site whose lessons ask questions of all kinds."""
