"""What pages and feeds are made of: lists, topics, pictures, metadata; without a view that answers an address."""
