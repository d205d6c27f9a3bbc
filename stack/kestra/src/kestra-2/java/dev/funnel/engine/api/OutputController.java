package dev.funnel.engine.api;

import io.kestra.core.exceptions.InternalException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.TaskOutputRepositoryInterface;
import io.kestra.core.services.ExecutionOutputService;
import io.kestra.core.services.TaskOutputService;
import io.kestra.core.tenant.TenantService;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** Outputs, which 2.x keeps apart from the executions. */
@Controller(Paths.TENANT + "/outputs")
@ExecuteOn(TaskExecutors.IO)
class OutputController {
    private final ExecutionRepositoryInterface executions;
    private final ExecutionOutputService ofExecutions;
    private final TaskOutputRepositoryInterface stored;
    private final TaskOutputService ofTasks;
    private final String tenant;

    OutputController(
        ExecutionRepositoryInterface executions,
        ExecutionOutputService ofExecutions,
        TaskOutputRepositoryInterface stored,
        TaskOutputService ofTasks,
        TenantService tenants
    ) {
        this.executions = executions;
        this.ofExecutions = ofExecutions;
        this.stored = stored;
        this.ofTasks = ofTasks;
        this.tenant = tenants.resolveTenant();
    }

    @Get("/executions/{executionId}")
    Map<String, Object> ofExecution(String executionId) throws InternalException {
        return Objects.requireNonNullElse(ofExecutions.getOutputs(find(executionId)), Map.of());
    }

    /** The task runs that have outputs, without these. */
    @Get("/tasks/{executionId}")
    List<Map<String, Object>> tasksWithOutputs(String executionId) {
        Execution execution = find(executionId);
        return stored.findByExecution(execution).stream().flatMap(output -> run(execution, output.taskRunId()).stream()).map(run -> {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("taskId", run.getTaskId());
            answer.put("taskRunId", run.getId());
            answer.put("value", run.getValue());
            answer.put("iteration", run.getIteration());
            answer.put("inline", true);
            return answer;
        }).toList();
    }

    @Get("/tasks/{executionId}/{taskRunId}")
    Map<String, Object> ofTask(String executionId, String taskRunId) throws InternalException {
        TaskRun run = run(find(executionId), taskRunId).orElseThrow(() -> new NoSuchElementException("task run " + taskRunId));
        return Objects.requireNonNullElse(ofTasks.getOutputs(run), Map.of());
    }

    private static Optional<TaskRun> run(Execution execution, String taskRunId) {
        return Optional.ofNullable(execution.getTaskRunList()).orElse(List.of()).stream().filter(run -> run.getId().equals(taskRunId)).findFirst();
    }

    private Execution find(String executionId) {
        return executions.findById(tenant, executionId).orElseThrow(() -> new NoSuchElementException("execution " + executionId));
    }
}
