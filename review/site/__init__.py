"""The site as a process: settings, addresses, rights, serving. Pages stand in `review.views`."""
