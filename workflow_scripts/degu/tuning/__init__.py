"""Studies: trainings whose architecture and settings are drawn, halved, and chosen from."""
