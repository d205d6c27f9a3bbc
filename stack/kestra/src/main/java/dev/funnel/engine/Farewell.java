package dev.funnel.engine;

import java.time.Duration;

/** Ends the process in time and takes its children along. */
final class Farewell {
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    private Farewell() {
    }

    static void arrange(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Thread stopping = Thread.ofPlatform().daemon().name("stop").start(stop);
            try {
                stopping.join(PATIENCE);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }, "farewell"));
    }
}
