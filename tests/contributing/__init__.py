"""What the one who takes over is told, followed. Belongs here: CONTRIBUTING.md and publiccode.yml held to the house. Not here: commands of the other documents."""
