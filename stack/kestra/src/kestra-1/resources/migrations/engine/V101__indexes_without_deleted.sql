-- H2 takes the index with the most columns of a query. Kestra's on these two tables have "deleted" in second place, and Kestra asks for
-- a name "deleted or not", so all entries behind it are read. While they are there, H2 uses none of V99's, by which it reads two.
DROP INDEX ix_last_deleted_tenant_namespace_name;
DROP INDEX ix_last_deleted_tenant_namespace_name_version;
DROP INDEX ix_last_deleted_tenant_namespace_version;
DROP INDEX ix_last_deleted_tenant_name_version;
DROP INDEX ix_last_deleted_tenant_namespace_path;
DROP INDEX ix_last_deleted_tenant_namespace_path_version;
DROP INDEX ix_last_deleted_tenant_namespace_parent_path;
DROP INDEX ix_last_deleted_tenant_path_version;
-- Searches name a namespace and a moment, and each row that is left has its labels read from its JSON.
CREATE INDEX executions_namespace_start_date ON executions ("deleted", "tenant_id", "namespace", "start_date");
