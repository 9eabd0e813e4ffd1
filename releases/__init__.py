"""The domain of the newsroom: releases, their words, and what happens to them."""
