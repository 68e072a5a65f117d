"""Hot paths measured against hand-written baselines, always both in one run; run by ``nox -s bench``."""
