package dev.funnel.engine.api;

import io.kestra.core.events.CrudEvent;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.queues.QueueException;
import io.kestra.core.queues.QueueFactoryInterface;
import io.kestra.core.queues.QueueInterface;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.services.ExecutionService;
import io.micronaut.context.event.ApplicationEventPublisher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Starts, kills and replays executions: each is a message to the executor. */
@Singleton
class ExecutionChanges {
    private final ExecutionRepositoryInterface executions;
    private final ExecutionService service;
    private final QueueInterface<Execution> queue;
    private final QueueInterface<ExecutionKilled> kills;
    private final ApplicationEventPublisher<CrudEvent<Execution>> events;

    ExecutionChanges(
        ExecutionRepositoryInterface executions,
        ExecutionService service,
        @Named(QueueFactoryInterface.EXECUTION_NAMED) QueueInterface<Execution> queue,
        @Named(QueueFactoryInterface.KILL_NAMED) QueueInterface<ExecutionKilled> kills,
        ApplicationEventPublisher<CrudEvent<Execution>> events
    ) {
        this.executions = executions;
        this.service = service;
        this.queue = queue;
        this.kills = kills;
        this.events = events;
    }

    Mono<Void> start(Execution execution) {
        try {
            queue.emit(execution);
        } catch (QueueException fault) {
            return Mono.error(fault);
        }
        events.publishEvent(CrudEvent.create(execution));
        return Mono.empty();
    }

    void kill(ExecutionKilledExecution kill) throws QueueException {
        kills.emit(kill);
    }

    Execution replay(Execution original, Flow flow, String taskRunId, Integer revision) throws Exception {
        Execution replayed = service.replay(original, flow, taskRunId, revision);
        queue.emit(replayed);
        events.publishEvent(CrudEvent.create(replayed));
        return replayed;
    }

    void markAsReplayed(Execution original) {
        Label mark = new Label(Label.REPLAYED, "true");
        if (original.getLabels().contains(mark)) {
            return;
        }
        List<Label> labels = new ArrayList<>(original.getLabels());
        labels.add(mark);
        Execution marked = original.withLabels(labels);
        events.publishEvent(CrudEvent.of(original, marked));
        executions.save(marked);
    }
}
