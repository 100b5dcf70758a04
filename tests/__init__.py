"""The tests: laws about the code, units, contracts, cases on real databases, the corpus, and benches."""
