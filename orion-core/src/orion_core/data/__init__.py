"""Facts that change by law, as data files; each row says from when it holds and where it stands."""
