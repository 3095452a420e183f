"""Pages. A view reads the request, asks a service, and fills a template; rules stand in `review.services`."""
