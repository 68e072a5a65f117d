"""The conformance suite over the modules of this repository."""
