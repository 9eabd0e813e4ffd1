"""The sample newsroom: the releases and topics of an invented organisation, for trying, showing and measuring."""
