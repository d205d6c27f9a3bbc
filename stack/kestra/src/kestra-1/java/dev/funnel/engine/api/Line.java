package dev.funnel.engine.api;

import io.kestra.core.models.executions.Execution;
import io.kestra.core.repositories.ArrayListTotal;

/** What answers look like in Kestra 1.x, where 2.x has it otherwise. */
final class Line {
    /** Between an execution's address and what is done to it. */
    static final String ACTIONS = "";

    private Line() {
    }

    /** Found executions, whole. */
    static Page found(ArrayListTotal<Execution> executions) {
        return Page.of(executions);
    }
}
