"""Find: passages that bear on a question, their stance and score. Knows nothing of Scrapy, Dagster or Django."""
