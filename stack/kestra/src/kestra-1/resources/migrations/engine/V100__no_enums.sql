-- A row whose change H2 2.4.240 takes back, because the process was killed before the commit, has a number for its ENUM until the
-- database is opened once more. Compared with a name it is an error, and no service of Kestra starts on such a queue.
ALTER TABLE queues ALTER COLUMN "type" VARCHAR(250) NOT NULL;
ALTER TABLE queues ALTER COLUMN "consumers" VARCHAR(50) ARRAY;
ALTER TABLE executions ALTER COLUMN "state_current" VARCHAR(50) NOT NULL GENERATED ALWAYS AS (JQ_STRING("value", '.state.current'));
ALTER TABLE logs ALTER COLUMN "level" VARCHAR(50) NOT NULL GENERATED ALWAYS AS (JQ_STRING("value", '.level'));
