package dev.funnel.engine;

import io.kestra.core.runners.ExecutorInterface;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Scheduler;
import io.kestra.core.server.Service;
import io.kestra.worker.DefaultWorker;
import io.micronaut.context.ApplicationContext;
import java.util.List;
import java.util.UUID;

/** What a Kestra 1.x consists of. */
final class Servers {
    private Servers() {
    }

    static List<Server> of(ApplicationContext context, int workerThreads) {
        DefaultWorker worker = context.createBean(DefaultWorker.class, UUID.randomUUID().toString(), workerThreads, null);
        context.registerSingleton(worker);
        return List.of(
            running(context.getBean(ExecutorInterface.class)),
            running(worker),
            running(context.getBean(Scheduler.class)),
            running(context.getBean(Indexer.class))
        );
    }

    /** No further task starts. */
    static void stopTasks(List<Service> services) {
        services.stream().filter(DefaultWorker.class::isInstance).map(DefaultWorker.class::cast).forEach(DefaultWorker::shutdown);
    }

    private static <T extends Runnable> Server running(T service) {
        return new Server((Service) service, service);
    }
}
