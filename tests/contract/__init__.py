"""Contract tests: the deliveries beside the project that were made from the same documents, when they are there."""
