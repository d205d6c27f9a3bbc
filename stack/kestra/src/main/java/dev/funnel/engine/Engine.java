package dev.funnel.engine;

import io.kestra.core.server.Service;
import io.kestra.core.utils.Await;
import io.kestra.core.utils.VersionProvider;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kestra server in this JVM: executor, worker, scheduler and indexer over one H2 database, and the HTTP front. */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int WORKER_THREADS = 16;

    private final Options options;
    private final List<Service> services = new CopyOnWriteArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile ApplicationContext context;
    private EmbeddedServer server;
    private HealthServer health;

    Engine(Options options) {
        this.options = options;
    }

    /** @throws Exception when a service ended instead of running: says which, and why. */
    void start() throws Exception {
        context = ApplicationContext.builder()
            .mainClass(Main.class)
            .deduceEnvironment(false)
            .banner(false)
            // KESTRA_* and MICRONAUT_* variables of the machine would override what is set here.
            .environmentPropertySource(false)
            .singletons(options)
            .properties(Settings.of(options))
            .build();
        context.start();

        server = context.getBean(EmbeddedServer.class).start();
        // Known only now: answers link to it.
        context.getEnvironment().addPropertySource(PropertySource.of("address", Map.of("kestra.url", url())));

        Servers.of(context, WORKER_THREADS).forEach(this::run);
        awaitServices();
        health = HealthServer.start(options.managementPort(), services);
        context.getBean(Collapse.class).watch();
        LOG.info("Kestra {} answers on {}", version(), url());
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    String managementUrl() {
        return "http://127.0.0.1:" + health.port();
    }

    String version() {
        return context.getBean(VersionProvider.class).getVersion();
    }

    /**
     * With a database in a file the services close in order, so that what was running goes on after a restart. With one
     * in memory nothing is left to save: no further task starts, and the end of the process does the rest.
     */
    void stop() {
        if (options.databaseInFile()) {
            Optional.ofNullable(context).ifPresent(ApplicationContext::close);
        } else {
            Servers.stopTasks(services);
        }
    }

    private void run(Server server) {
        services.add(server.service());
        String name = server.service().getClass().getSimpleName();
        Thread.ofPlatform().name(name).start(() -> {
            try {
                server.start().run();
            } catch (Throwable fault) {
                LOG.error("{} has ended", name, fault);
                failure.compareAndSet(null, new IllegalStateException(name + " did not start", fault));
            }
        });
    }

    private void awaitServices() throws Exception {
        Await.until(
            () -> failure.get() != null
                || services.stream().anyMatch(Engine::hasEnded)
                || services.stream().allMatch(service -> service.getState() == Service.ServiceState.RUNNING),
            Duration.ofMillis(10),
            Duration.ofMinutes(3)
        );
        if (failure.get() != null) {
            throw failure.get();
        }
        services.stream().filter(Engine::hasEnded).findFirst().ifPresent(service -> {
            throw new IllegalStateException(
                service.getType() + " is " + service.getState() + ": Kestra has begun to shut itself down as it started; the log says why"
            );
        });
    }

    /** A service has no state, is CREATED, then RUNNING; Kestra's own shutdown takes it further, and may need minutes for it. */
    private static boolean hasEnded(Service service) {
        Service.ServiceState state = service.getState();
        return state != null && !state.isRunning();
    }
}
