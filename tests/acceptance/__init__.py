"""What other tools of the field get wrong, and this one has to get right: one test for each, by its number."""
