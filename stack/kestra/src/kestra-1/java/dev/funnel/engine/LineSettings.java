package dev.funnel.engine;

import java.util.List;
import java.util.Map;

/** What only Kestra 1.x is configured with. */
final class LineSettings {
    static final String QUEUE_CLEANER = "kestra.jdbc.cleaner";

    private LineSettings() {
    }

    static Map<String, Object> own(Options options) {
        return Map.of(
            "flyway.datasources.h2.enabled", true,
            "flyway.datasources.h2.locations", List.of("classpath:migrations/h2", "classpath:migrations/engine"),
            "flyway.datasources.h2.ignore-migration-patterns", "*:missing,*:future",
            "flyway.datasources.h2.out-of-order", true,
            // Eight queues, each asked twice a second by default, are most of what an idle engine does. Once a message has come,
            // a queue is asked every 25 ms again.
            "kestra.jdbc.queues.max-poll-interval", "1s"
        );
    }
}
