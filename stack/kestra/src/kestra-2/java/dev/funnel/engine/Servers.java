package dev.funnel.engine;

import io.kestra.core.runners.Executor;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Scheduler;
import io.kestra.core.runners.Worker;
import io.kestra.core.server.Service;
import io.kestra.core.worker.Controller;
import io.kestra.worker.AbstractWorker;
import io.kestra.worker.systemworker.SystemWorker;
import io.micronaut.context.ApplicationContext;
import java.util.List;

/** What a Kestra 2.x consists of: a controller hands jobs to the worker, and a second worker has the executor's own tasks. */
final class Servers {
    private Servers() {
    }

    static List<Server> of(ApplicationContext context, int workerThreads) {
        Executor executor = context.getBean(Executor.class);
        Controller controller = context.getBean(Controller.class);
        Worker worker = context.getBean(Worker.class);
        Scheduler scheduler = context.getBean(Scheduler.class);
        Indexer indexer = context.getBean(Indexer.class);
        SystemWorker systemWorker = context.getBean(SystemWorker.class);
        return List.of(
            new Server(executor, executor),
            new Server(controller, controller::start),
            new Server(worker, () -> worker.start(workerThreads)),
            new Server((Service) scheduler, (Runnable) scheduler),
            new Server(indexer, indexer),
            new Server(systemWorker, systemWorker::start)
        );
    }

    /** No further task starts. */
    static void stopTasks(List<Service> services) {
        services.stream().filter(AbstractWorker.class::isInstance).map(AbstractWorker.class::cast).forEach(AbstractWorker::stopNow);
    }
}
