from degu import plotting
