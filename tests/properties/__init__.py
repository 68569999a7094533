"""Property tests: builds over random deliveries, held to the oracle and to each other."""
