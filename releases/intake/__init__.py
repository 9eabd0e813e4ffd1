"""What brings texts in from elsewhere, one module a source; everything that is kept goes through `releases.workflow`."""
