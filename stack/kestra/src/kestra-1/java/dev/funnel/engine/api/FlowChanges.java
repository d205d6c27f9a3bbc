package dev.funnel.engine.api;

import io.kestra.core.exceptions.FlowProcessingException;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.FlowService;
import io.kestra.core.services.PluginDefaultService;
import jakarta.inject.Singleton;

/** Stores flows, and refuses what a strict reader would. */
@Singleton
class FlowChanges {
    private final FlowRepositoryInterface flows;
    private final FlowService service;
    private final PluginDefaultService parser;

    FlowChanges(FlowRepositoryInterface flows, FlowService service, PluginDefaultService parser) {
        this.flows = flows;
        this.service = service;
        this.parser = parser;
    }

    FlowWithSource create(String tenant, String source) throws FlowProcessingException {
        return service.create(GenericFlow.fromYaml(tenant, source), true);
    }

    FlowWithSource update(String tenant, String source, Flow previous) throws FlowProcessingException {
        // The repository itself lets misspelt properties pass.
        parser.parseFlowWithVersionDefaults(tenant, source, true);
        return flows.update(GenericFlow.fromYaml(tenant, source), previous);
    }
}
