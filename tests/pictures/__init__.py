"""Pictures: what comes in, who sees it, and what readers get."""
