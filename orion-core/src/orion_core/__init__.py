"""The contract that every Orion module is written against, and the core module itself."""
