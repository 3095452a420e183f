"""Scripts that make the data of this room: vectors, weights, term lists. Research never runs any of it."""
