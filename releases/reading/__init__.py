"""The read model: what pages, feeds and staff previews show, as queries and template contexts; no view of an address."""
