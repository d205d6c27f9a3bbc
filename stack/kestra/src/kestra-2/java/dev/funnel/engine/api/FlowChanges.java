package dev.funnel.engine.api;

import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.services.FlowParsingService;
import io.kestra.core.services.FlowService;
import jakarta.inject.Singleton;

/** Stores flows, and refuses what a strict reader would. */
@Singleton
class FlowChanges {
    private final FlowService service;
    private final FlowParsingService parser;

    FlowChanges(FlowService service, FlowParsingService parser) {
        this.service = service;
        this.parser = parser;
    }

    FlowWithSource create(String tenant, String source) throws Exception {
        parser.parse(tenant, source, true);
        return service.create(GenericFlow.fromYaml(tenant, source));
    }

    FlowWithSource update(String tenant, String source, Flow previous) throws Exception {
        parser.parse(tenant, source, true);
        return service.update(GenericFlow.fromYaml(tenant, source), previous);
    }
}
