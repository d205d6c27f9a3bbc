package dev.funnel.engine.api;

import io.kestra.core.models.executions.Execution;
import io.kestra.core.repositories.ArrayListTotal;

/** What answers look like in Kestra 2.x, where 1.x has it otherwise. */
final class Line {
    /** Between an execution's address and what is done to it. */
    static final String ACTIONS = "/actions";

    private Line() {
    }

    /** Found executions without their task runs and outputs. */
    static Page found(ArrayListTotal<Execution> executions) {
        return new Page(executions.stream().map(execution -> execution.withTaskRunList(null).withOutputs(null)).toList(), executions.getTotal());
    }
}
