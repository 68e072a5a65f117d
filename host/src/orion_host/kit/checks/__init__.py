"""What every module has to keep: one file per theme, one function per promise."""
