-- Run at each connection, so before Kestra's migrations, which create these only where they do not exist.
CREATE ALIAS IF NOT EXISTS JQ_STRING FOR "dev.funnel.engine.JsonColumns.string";
CREATE ALIAS IF NOT EXISTS JQ_BOOLEAN FOR "dev.funnel.engine.JsonColumns.bool";
CREATE ALIAS IF NOT EXISTS JQ_LONG FOR "dev.funnel.engine.JsonColumns.number";
CREATE ALIAS IF NOT EXISTS JQ_INTEGER FOR "dev.funnel.engine.JsonColumns.integer";
CREATE ALIAS IF NOT EXISTS JQ_DOUBLE FOR "dev.funnel.engine.JsonColumns.decimal";
