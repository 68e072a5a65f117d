"""The web application built from an assembly."""
