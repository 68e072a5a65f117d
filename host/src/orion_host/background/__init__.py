"""Work in the background: workers, relay and beat. What is durable stands in PostgreSQL; Celery only carries ids."""
