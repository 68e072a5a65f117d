"""The kit for authors of modules: a first distribution from one command, and the proof that a module keeps its word."""
