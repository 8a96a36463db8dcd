"""The simulated world: motifs, activity, noise, variants and coverage whose truth is known."""
