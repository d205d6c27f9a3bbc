-- Kestra asks for a name in a namespace "deleted or not", and its own indexes begin with that column: H2 then reads every
-- entry of every namespace to find that one is missing, as most settings and ledger entries are.
CREATE INDEX kv_metadata_namespace_name ON kv_metadata ("namespace", "name");
CREATE INDEX namespace_file_metadata_namespace_path ON namespace_file_metadata ("namespace", "path");
