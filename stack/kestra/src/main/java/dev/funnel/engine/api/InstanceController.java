package dev.funnel.engine.api;

import io.kestra.core.services.InstanceService;
import io.kestra.core.utils.UriProvider;
import io.kestra.core.utils.VersionProvider;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a client asks first: is anybody there, and which Kestra is it. */
@Controller
@ExecuteOn(TaskExecutors.IO)
class InstanceController {
    private final InstanceService instance;
    private final VersionProvider version;
    private final UriProvider uris;

    InstanceController(InstanceService instance, VersionProvider version, UriProvider uris) {
        this.instance = instance;
        this.version = version;
        this.uris = uris;
    }

    @Get("/ping")
    @Produces({MediaType.TEXT_PLAIN, MediaType.APPLICATION_JSON})
    String ping() {
        return "pong";
    }

    @Get(Paths.API + "/configs")
    Map<String, Object> configs() {
        Map<String, Object> configs = new LinkedHashMap<>();
        configs.put("uuid", instance.fetch());
        configs.put("version", version.getVersion());
        configs.put("commitId", version.getRevision());
        configs.put("url", uris.rootUrl());
        configs.put("isAnonymousUsageEnabled", false);
        configs.put("isUiAnonymousUsageEnabled", false);
        configs.put("isBasicAuthInitialized", true);
        configs.put("systemNamespace", "system");
        return configs;
    }
}
