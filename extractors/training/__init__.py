"""Scripts that make the reader's weights; nothing here is needed to read."""
