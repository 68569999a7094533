"""What several tests share: random deliveries, builds, comparison of tables."""
