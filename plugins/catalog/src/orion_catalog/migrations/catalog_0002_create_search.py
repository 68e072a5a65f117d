"""What search looks in, and the functions that search on the application's behalf."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orion_core.db.operations import APP_ROLE, PLATFORM_ROLE, setting

revision = "catalog_0002"
down_revision = "catalog_0001"
requires = ()

SCHEMA = "catalog"
TABLES = (
    "product_search",
    "search_words",
)

MARK = "'~' || {}::text"
"""The store's id as a word of its documents: the one index then finds the words of one store only."""

PLAIN = """
CREATE FUNCTION catalog.plain(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT {expression} $$
"""
CONFIGURATION = """
CREATE FUNCTION catalog.text_configuration(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT (CASE language WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' ELSE 'simple'
        END)::regconfig
$$
"""
DOCUMENT = f"""
CREATE FUNCTION catalog.search_document(
    store uuid, configuration regconfig, title text, brand text, description text, codes text[]
) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT setweight(to_tsvector('simple', catalog.plain(concat_ws(' ', title, brand))), 'A')
        || setweight(to_tsvector(configuration, catalog.plain(concat_ws(' ', title, left(description, 5000)))), 'C')
        || array_to_tsvector(codes || ({MARK.format("store")}))
$$
"""
# The owner's eyes and explicit condition: see ProductSearch for why the caller cannot look for itself.
SEARCH = f"""
CREATE FUNCTION catalog.search_products(wanted text, configuration regconfig, most integer)
RETURNS TABLE (product_id uuid, rank integer) ROWS 100
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = catalog, public, pg_temp
AS $$
DECLARE
    store uuid := {setting("store")};
    words tsquery := websearch_to_tsquery(configuration, catalog.plain(wanted))
        || websearch_to_tsquery('simple', catalog.plain(wanted));
BEGIN
    IF wanted ~ '^[^[:space:]]{{3,100}}$' THEN
        words := words || (quote_literal(lower(catalog.plain(wanted))) || ':*')::tsquery;
    END IF;
    IF store IS NULL OR numnode(words) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT found.product_id, (ts_rank(found.document, words, 1) * 1000000)::integer
        FROM (
            SELECT s.product_id, s.document FROM catalog.product_search s
            WHERE s.document @@ (quote_literal({MARK.format("store")})::tsquery && words)
                AND s.store_id = store
            LIMIT most
        ) found;
END
$$
"""  # noqa: S608 - the one value is a constant of orion_core
CLOSEST = """
CREATE FUNCTION catalog.closest_word(wanted text) RETURNS text LANGUAGE sql STABLE
AS $$ {expression} $$
"""
BY_TRIGRAMS = """
    SELECT word FROM catalog.search_words
    WHERE similarity(word, wanted) >= 0.35
    ORDER BY similarity(word, wanted) DESC, word LIMIT 1
"""


def upgrade() -> None:
    create_product_search()
    create_search_words()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
        # Without statistics every store counts as 1/200 of the table. With them, one that was not there yet at
        # the last ANALYZE counts as empty: its first import then reads the whole store for each row.
        op.execute(f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN store_id SET STATISTICS 0")
    create_functions()


def create_functions() -> None:
    """Make the functions; unaccent and pg_trgm are used where the server has them."""
    extensions = set(op.get_bind().scalars(sa.text("SELECT extname FROM pg_extension")))
    plain = "public.unaccent(words)" if "unaccent" in extensions else "words"
    closest = BY_TRIGRAMS if "pg_trgm" in extensions else "SELECT NULL::text"
    op.execute(PLAIN.format(expression=plain))
    op.execute(CONFIGURATION)
    op.execute(DOCUMENT)
    op.execute(SEARCH)
    op.execute(CLOSEST.format(expression=closest))
    signature = "catalog.search_products(text, regconfig, integer)"
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}, {PLATFORM_ROLE}")


def downgrade() -> None:
    for function in ("closest_word", "search_products", "search_document", "text_configuration", "plain"):
        op.execute(f"DROP FUNCTION {SCHEMA}.{function}")
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_product_search() -> None:
    op.create_table(
        "product_search",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["catalog.products.store_id", "catalog.products.id"],
            name=op.f("fk_product_search_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "product_id", name=op.f("pk_product_search")),
        schema=SCHEMA,
    )
    op.create_index("ix_product_search_document", "product_search", ["document"], schema=SCHEMA, postgresql_using="gin")


def create_search_words() -> None:
    op.create_table(
        "search_words",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_search_words_store_id")),
        sa.PrimaryKeyConstraint("store_id", "word", name=op.f("pk_search_words")),
        schema=SCHEMA,
    )
