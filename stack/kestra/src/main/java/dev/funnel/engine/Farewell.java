package dev.funnel.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process in time and takes its children along. */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
    private static final Duration PATIENCE = Duration.ofMillis(2500);
    private static volatile boolean underWay;

    private Farewell() {
    }

    static boolean isUnderWay() {
        return underWay;
    }

    static void arrange(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            underWay = true;
            try {
                CompletableFuture.runAsync(stop).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Exception fault) {
                // What is lost here is no more than a crash would lose.
                LOG.warn("The engine did not close in order", fault);
            }
            killChildren();
        }, "farewell"));
    }

    private static void killChildren() {
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }
}
