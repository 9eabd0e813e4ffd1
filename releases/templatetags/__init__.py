"""Tags and filters for templates; they compute and never query."""
