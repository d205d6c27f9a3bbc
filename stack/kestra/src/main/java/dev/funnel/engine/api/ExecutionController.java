package dev.funnel.engine.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.runners.FlowInputOutput;
import io.kestra.core.services.ExecutionService;
import io.kestra.core.services.FlowService;
import io.kestra.core.tenant.TenantService;
import io.kestra.core.utils.UriProvider;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.annotation.SingleResult;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.multipart.CompletedPart;
import io.micronaut.http.server.multipart.MultipartBody;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Executions, but for what starts them by webhook and for following them. */
@Controller(Paths.EXECUTIONS)
@ExecuteOn(TaskExecutors.IO)
class ExecutionController {
    private final ExecutionRepositoryInterface executions;
    private final FlowRepositoryInterface flows;
    private final ExecutionService service;
    private final FlowService flowService;
    private final FlowInputOutput inputs;
    private final ExecutionChanges changes;
    private final UriProvider uris;
    private final ObjectMapper json;
    private final String tenant;

    ExecutionController(
        ExecutionRepositoryInterface executions,
        FlowRepositoryInterface flows,
        ExecutionService service,
        FlowService flowService,
        FlowInputOutput inputs,
        ExecutionChanges changes,
        UriProvider uris,
        ObjectMapper json,
        TenantService tenants
    ) {
        this.executions = executions;
        this.flows = flows;
        this.service = service;
        this.flowService = flowService;
        this.inputs = inputs;
        this.changes = changes;
        this.uris = uris;
        this.json = json;
        this.tenant = tenants.resolveTenant();
    }

    @Get("/search")
    Page search(HttpRequest<?> request) {
        return Line.found(executions.find(
            Page.asked(request.getParameters(), executions.sortMapping()),
            tenant,
            QueryFilters.of(request.getParameters())
        ));
    }

    @Get
    Page ofFlow(HttpRequest<?> request, @QueryValue String namespace, @QueryValue String flowId) {
        return Line.found(executions.findByFlowId(tenant, namespace, flowId, Page.asked(request.getParameters(), executions.sortMapping())));
    }

    @Get("/{executionId}")
    Execution read(String executionId) {
        return find(executionId);
    }

    @Post(uri = "/{namespace}/{flowId}", consumes = MediaType.MULTIPART_FORM_DATA)
    @SingleResult
    Publisher<ObjectNode> create(
        HttpRequest<?> request,
        String namespace,
        String flowId,
        @Body @Nullable MultipartBody parts,
        @QueryValue Optional<Integer> revision,
        @QueryValue Optional<ZonedDateTime> scheduleDate
    ) {
        Flow flow = flowService.getFlowIfExecutableOrThrow(tenant, namespace, flowId, revision);
        List<Label> labels = Labels.ofNewExecution(request.getParameters().getAll("labels"));
        Execution execution = Execution.newExecution(flow, null, labels, scheduleDate);
        Publisher<CompletedPart> given = parts == null ? Flux.empty() : parts;
        return inputs.readExecutionInputs(flow, execution, given).flatMap(values -> {
            Execution complete = execution.withInputs(values);
            return changes.start(complete).thenReturn(complete);
        }).map(complete -> {
            ObjectNode answer = json.valueToTree(complete);
            answer.put("url", String.valueOf(uris.executionUrl(complete)));
            return answer;
        });
    }

    @Delete("/{executionId}" + Line.ACTIONS + "/kill")
    HttpResponse<?> kill(String executionId, @QueryValue(defaultValue = "true") boolean isOnKillCascade) throws Exception {
        Execution execution = find(executionId);
        // With the cascade a finished parent may still have children to kill.
        if (execution.getState().isTerminated() && !isOnKillCascade) {
            throw new IllegalStateException("Execution is already finished, can't kill it");
        }
        changes.kill(ExecutionKilledExecution.builder()
            .state(ExecutionKilled.State.REQUESTED)
            .executionId(executionId)
            .isOnKillCascade(isOnKillCascade)
            .tenantId(tenant)
            .build());
        return HttpResponse.accepted();
    }

    @Post("/{executionId}" + Line.ACTIONS + "/replay")
    Execution replay(String executionId, @QueryValue Optional<String> taskRunId, @QueryValue Optional<Integer> revision) throws Exception {
        Execution original = find(executionId);
        Flow flow = flows.findById(tenant, original.getNamespace(), original.getFlowId(), revision.or(() -> Optional.ofNullable(original.getFlowRevision())))
            .orElseThrow(() -> new NoSuchElementException("the flow of execution " + executionId + " in that revision"));
        Execution replayed = changes.replay(original, flow, taskRunId.orElse(null), revision.orElse(null));
        changes.markAsReplayed(original);
        return replayed;
    }

    @Delete("/{executionId}")
    HttpResponse<?> delete(
        String executionId,
        @QueryValue(defaultValue = "true") boolean deleteLogs,
        @QueryValue(defaultValue = "true") boolean deleteMetrics,
        @QueryValue(defaultValue = "true") boolean deleteStorage
    ) throws IOException {
        service.delete(find(executionId), deleteLogs, deleteMetrics, deleteStorage);
        return HttpResponse.noContent();
    }

    private Execution find(String executionId) {
        return executions.findById(tenant, executionId).orElseThrow(() -> new NoSuchElementException("execution " + executionId));
    }
}
