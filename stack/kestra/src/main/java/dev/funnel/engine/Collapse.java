package dev.funnel.engine;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kestra closes itself when a queue is beyond repair. A process that went on without it would only look alive. */
@Singleton
class Collapse implements ApplicationEventListener<ShutdownEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(Collapse.class);

    private volatile boolean watching;

    /** From here on; a start that fails has its own words for it. */
    void watch() {
        watching = true;
    }

    @Override
    public void onApplicationEvent(ShutdownEvent event) {
        if (!watching || Farewell.isUnderWay()) {
            return;
        }
        LOG.error("Kestra has shut itself down");
        // In a thread of its own: exit waits for hooks that wait for this very shutdown.
        Thread.ofPlatform().start(() -> System.exit(1));
    }
}
