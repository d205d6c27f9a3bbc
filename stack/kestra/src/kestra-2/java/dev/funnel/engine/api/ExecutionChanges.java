package dev.funnel.engine.api;

import io.kestra.core.async.AsyncOperationProcessedEvent;
import io.kestra.core.async.AsyncOperationProcessedEvent.Outcome;
import io.kestra.core.async.AsyncOperationsConfiguration;
import io.kestra.core.events.CrudEvent;
import io.kestra.core.executor.command.Create;
import io.kestra.core.executor.command.ExecutionCommand;
import io.kestra.core.executor.command.Replay;
import io.kestra.core.executor.command.UpdateLabels;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionId;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.queues.BroadcastQueueInterface;
import io.kestra.core.queues.DispatchQueueInterface;
import io.kestra.core.queues.QueueException;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.services.AsyncOperationWaiter;
import io.kestra.core.utils.IdUtils;
import io.micronaut.context.event.ApplicationEventPublisher;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Starts, kills and replays executions: each is a command to the executor, which says when it has carried it out. */
@Singleton
class ExecutionChanges {
    private final ExecutionRepositoryInterface executions;
    private final DispatchQueueInterface<ExecutionCommand> commands;
    private final BroadcastQueueInterface<ExecutionKilled> kills;
    private final ApplicationEventPublisher<CrudEvent<Execution>> events;
    private final AsyncOperationWaiter waiter;
    private final AsyncOperationsConfiguration patience;

    ExecutionChanges(
        ExecutionRepositoryInterface executions,
        DispatchQueueInterface<ExecutionCommand> commands,
        BroadcastQueueInterface<ExecutionKilled> kills,
        ApplicationEventPublisher<CrudEvent<Execution>> events,
        AsyncOperationWaiter waiter,
        AsyncOperationsConfiguration patience
    ) {
        this.executions = executions;
        this.commands = commands;
        this.kills = kills;
        this.events = events;
        this.waiter = waiter;
        this.patience = patience;
    }

    Mono<Void> start(Execution execution) {
        Create create = Create.of(new ExecutionId(
                execution.getTenantId(), execution.getNamespace(), execution.getFlowId(), execution.getId(), execution.getFlowRevision()))
            .withKind(execution.getKind())
            .withLabels(execution.getLabels())
            .withInputs(execution.getInputs())
            .withScheduleDate(execution.getScheduleDate());
        return carriedOut(execution.getId(), create::withOperationId)
            .doOnSuccess(done -> events.publishEvent(CrudEvent.create(execution)));
    }

    void kill(ExecutionKilledExecution kill) throws QueueException {
        kills.emit(kill);
    }

    Execution replay(Execution original, Flow flow, String taskRunId, Integer revision) {
        String id = IdUtils.create();
        Replay replay = Replay.from(original, id, taskRunId, revision, null);
        carriedOut(id, replay::withOperationId).block();
        return executions.findById(original.getTenantId(), id).orElseThrow();
    }

    void markAsReplayed(Execution original) {
        Label mark = new Label(Label.REPLAYED, "true");
        if (original.getLabels().contains(mark)) {
            return;
        }
        List<Label> labels = new ArrayList<>(original.getLabels());
        labels.add(mark);
        UpdateLabels update = UpdateLabels.from(original, labels);
        carriedOut(original.getId(), update::withOperationId).block();
    }

    private Mono<Void> carriedOut(String executionId, Function<String, ExecutionCommand> command) {
        return waiter.submit(executionId, operation -> emit(command.apply(operation)), patience.waitTimeout()).flatMap(ExecutionChanges::outcome);
    }

    private void emit(ExecutionCommand command) {
        try {
            commands.emit(command);
        } catch (QueueException fault) {
            throw Exceptions.propagate(fault);
        }
    }

    private static Mono<Void> outcome(AsyncOperationProcessedEvent event) {
        return event.outcome() == Outcome.FAILED ? Mono.error(new IllegalStateException(event.error())) : Mono.empty();
    }
}
