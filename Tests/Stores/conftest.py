"""Long trials of stores, which `make test-stores` runs and `make test` does not."""
