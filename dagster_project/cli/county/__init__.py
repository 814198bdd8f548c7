"""Commands for a new county: draft its configuration from exports, and try the configuration on them."""
