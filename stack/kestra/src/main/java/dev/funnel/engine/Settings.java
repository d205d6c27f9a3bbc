package dev.funnel.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration a Kestra server would read from its YAML file. */
final class Settings {
    private Settings() {
    }

    static Map<String, Object> of(Options options) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("micronaut.application.name", "kestra");
        http(settings, options);
        database(settings, options);
        kestra(settings, options);
        settings.putAll(LineSettings.own(options));
        return settings;
    }

    private static void http(Map<String, Object> settings, Options options) {
        settings.put("micronaut.server.host", "127.0.0.1");
        // Micronaut's word for "any free port" is -1.
        settings.put("micronaut.server.port", options.port() == 0 ? -1 : options.port());
        settings.put("micronaut.server.max-request-size", "10MB");
        settings.put("micronaut.server.netty.max-chunk-size", "10MB"); // see WholeBodies
        settings.put("micronaut.server.multipart.max-file-size", "10MB");
        // A followed execution may be silent until its scheduled date.
        settings.put("micronaut.server.idle-timeout", "60m");
        settings.put("micronaut.server.read-idle-timeout", "60m");
        settings.put("micronaut.server.write-idle-timeout", "60m");
        // Health has a port of its own, as in Kestra; the other management endpoints are not offered.
        settings.put("endpoints.all.enabled", false);
        // Kestra insists on a meter registry; nobody reads it here, so nothing measures into it.
        settings.put("micronaut.metrics.export.prometheus.enabled", false);
        for (String binder : List.of("executor", "files", "jdbc", "jvm", "logback", "processor", "uptime", "web")) {
            settings.put("micronaut.metrics.binders." + binder + ".enabled", false);
        }

        settings.put("jackson.serialization.writeDatesAsTimestamps", false);
        settings.put("jackson.serialization.writeDurationsAsTimestamps", false);
        settings.put("jackson.serialization-inclusion", "non_null");
        settings.put("jackson.deserialization.FAIL_ON_UNKNOWN_PROPERTIES", false);
    }

    private static void database(Map<String, Object> settings, Options options) {
        String database = options.databaseInFile() ? "file:" + options.dataDir().resolve("database/kestra") : "mem:public";
        // The JVM's exit closes the database, not the first idle moment, and not H2's own shutdown hook, which would race ours.
        // A lock is waited for as in Postgres: after H2's own two seconds, soon over with rows of a megabyte on a busy machine, Kestra
        // shuts itself down.
        String flags = ";LOCK_TIMEOUT=60000;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;TIME ZONE=UTC;CASE_INSENSITIVE_IDENTIFIERS=TRUE;IGNORECASE=TRUE"
            + ";INIT=RUNSCRIPT FROM 'classpath:h2-functions.sql'";
        if (options.databaseInFile()) {
            // What is committed is in the file almost at once, as in Postgres. With H2's own half second a kill took back that mails were
            // scheduled, and left the ledger, which is no part of the database, saying that they were.
            flags += ";WRITE_DELAY=10";
        }
        settings.put("datasources.h2.url", "jdbc:h2:" + database + flags);
        settings.put("datasources.h2.driverClassName", "org.h2.Driver");
        settings.put("datasources.h2.username", "sa");
        settings.put("datasources.h2.password", "");
    }

    private static void kestra(Map<String, Object> settings, Options options) {
        settings.put("kestra.server-type", "STANDALONE");
        settings.put("kestra.repository.type", "h2");
        settings.put("kestra.queue.type", "h2");
        settings.put("kestra.storage.type", "local");
        settings.put("kestra.storage.local.base-path", options.dataDir().resolve("storage").toString());
        settings.put("kestra.tasks.tmp-dir.path", options.dataDir().resolve("tmp").toString());
        settings.put("kestra.anonymous-usage-report.enabled", false);
        settings.put("kestra.tutorial-flows.enabled", false);
        settings.put("kestra.server.service.purge.initial-delay", "1h");
        settings.put("kestra.server.service.purge.fixed-delay", "1d");
        settings.put("kestra.server.service.purge.retention", "30d");
        // A stop must be over before whoever asked for it loses patience; interrupted tasks run again after a restart.
        settings.put("kestra.server.termination-grace-period", "500ms");

        // On H2 each poll of a queue reads all its rows, those long consumed too: unless they go, every task costs more
        // than the one before. Only consumed rows do go, and all consumers live in this JVM, polling far more often.
        settings.put(LineSettings.QUEUE_CLEANER + ".initial-delay", "2s");
        settings.put(LineSettings.QUEUE_CLEANER + ".fixed-delay", "2s");
        settings.put(LineSettings.QUEUE_CLEANER + ".retention", "10s");

        // Lines about each task's beginning and end, which nobody reads here, are a queue's most numerous rows.
        settings.put("kestra.plugins.defaults", List.of(
            warnings("io.kestra.plugin.core.http.Request"),
            warnings("io.kestra.plugin.core.execution"),
            warnings("io.kestra.plugin.core.kv"),
            warnings("io.kestra.plugin.scripts")
        ));
    }

    private static Map<String, Object> warnings(String type) {
        return Map.of("type", type, "values", Map.of("logLevel", "WARN"));
    }
}
