package dev.funnel.engine.api;

import dev.funnel.engine.Options;
import io.kestra.jdbc.JooqDSLContextWrapper;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Set;
import org.jooq.impl.DSL;

/**
 * What a caller was told is done is in the database's file: H2 writes it some time after a commit, Postgres before. Without
 * this a webhook answered with 200 was lost with an engine that was killed in that moment.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
class KeptBeforeAnswered {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final boolean needed;
    private final JooqDSLContextWrapper database;

    KeptBeforeAnswered(Options options, JooqDSLContextWrapper database) {
        this.needed = options.databaseInFile();
        this.database = database;
    }

    @ResponseFilter
    @ExecuteOn(TaskExecutors.IO)
    void write(HttpRequest<?> request) {
        if (needed && !READING.contains(request.getMethod())) {
            database.transaction(configuration -> DSL.using(configuration).execute("CHECKPOINT"));
        }
    }
}
