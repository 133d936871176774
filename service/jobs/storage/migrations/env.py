"""What Alembic runs: the migrations on the connection it was handed."""

from alembic import context

from service.jobs.storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
