"""All tests of the repository, in one package that mirrors its folders."""
