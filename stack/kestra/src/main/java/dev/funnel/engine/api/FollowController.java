package dev.funnel.engine.api;

import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.ExecutionStreamingService;
import io.kestra.core.tenant.TenantService;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/** An execution as a stream of server-sent events, fed by Kestra's own execution queue. */
@Controller(Paths.EXECUTIONS + "/{executionId}/follow")
@ExecuteOn(TaskExecutors.IO)
class FollowController {
    // Kestra reads the queue by offset and passes over a message that was committed after a younger one. Where that was
    // the last message, nothing else would ever end the stream.
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private final ExecutionRepositoryInterface executions;
    private final FlowRepositoryInterface flows;
    private final ExecutionStreamingService streams;
    private final String tenant;

    FollowController(
        ExecutionRepositoryInterface executions,
        FlowRepositoryInterface flows,
        ExecutionStreamingService streams,
        TenantService tenants
    ) {
        this.executions = executions;
        this.flows = flows;
        this.streams = streams;
        this.tenant = tenants.resolveTenant();
    }

    /** Like Kestra's: a first event "start" with nothing but the id, then "progress" for each change, then "end". */
    @Get(produces = MediaType.TEXT_EVENT_STREAM)
    Flux<Event<Execution>> follow(String executionId) {
        Flow flow = flows.findByExecutionWithoutAcl(find(executionId));
        String subscriber = UUID.randomUUID().toString();
        return Flux.<Event<Execution>>create(events -> {
            events.next(event("start", Execution.builder().id(executionId).build()));
            // Subscribed before the state is read, or an end that falls between the two would never be heard of.
            streams.registerSubscriber(executionId, subscriber, events, flow);
            Execution now = find(executionId);
            if (!endedWith(now, flow, events)) {
                events.next(event("progress", now));
                events.onDispose(Flux.interval(SECOND_LOOK, Schedulers.boundedElastic())
                    .subscribe(tick -> endedWith(find(executionId), flow, events), events::error));
            }
        }, FluxSink.OverflowStrategy.BUFFER).doFinally(any -> streams.unregisterSubscriber(executionId, subscriber));
    }

    private boolean endedWith(Execution now, Flow flow, FluxSink<Event<Execution>> events) {
        if (!streams.isStopFollow(flow, now)) {
            return false;
        }
        events.next(event("end", now));
        events.complete();
        return true;
    }

    private static Event<Execution> event(String id, Execution execution) {
        return Event.of(execution).id(id);
    }

    private Execution find(String executionId) {
        return executions.findById(tenant, executionId).orElseThrow(() -> new NoSuchElementException("execution " + executionId));
    }
}
