package dev.funnel.engine.api;

import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.services.ExecutionLogService;
import io.kestra.core.tenant.TenantService;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import org.slf4j.event.Level;

/** What the tasks of an execution logged, with secrets masked by Kestra. */
@Controller(Paths.LOGS)
@ExecuteOn(TaskExecutors.IO)
class LogController {
    private final ExecutionLogService logs;
    private final String tenant;

    LogController(ExecutionLogService logs, TenantService tenants) {
        this.logs = logs;
        this.tenant = tenants.resolveTenant();
    }

    @Get("/{executionId}")
    List<LogEntry> ofExecution(
        String executionId,
        @QueryValue @Nullable Level minLevel,
        @QueryValue @Nullable String taskRunId,
        @QueryValue @Nullable String taskId,
        @QueryValue @Nullable Integer attempt
    ) {
        return logs.getExecutionLogs(tenant, executionId, minLevel, taskRunId, taskId == null ? null : List.of(taskId), attempt, true);
    }
}
