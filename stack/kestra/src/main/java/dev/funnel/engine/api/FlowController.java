package dev.funnel.engine.api;

import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowSource;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.validations.ValidateConstraintViolation;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.FlowService;
import io.kestra.core.tenant.TenantService;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** Flows. */
@Controller(Paths.FLOWS)
@ExecuteOn(TaskExecutors.IO)
class FlowController {
    private static final String DOCUMENT_SEPARATOR = "(?m)^---\\s*$";

    private final FlowRepositoryInterface flows;
    private final FlowService service;
    private final FlowChanges changes;
    private final String tenant;

    FlowController(FlowRepositoryInterface flows, FlowService service, FlowChanges changes, TenantService tenants) {
        this.flows = flows;
        this.service = service;
        this.changes = changes;
        this.tenant = tenants.resolveTenant();
    }

    @Post(uri = "/validate", consumes = MediaType.APPLICATION_YAML)
    List<ValidateConstraintViolation> validate(@Body String sources) {
        List<FlowSource> documents = Arrays.stream(sources.split(DOCUMENT_SEPARATOR))
            .filter(source -> !source.isBlank())
            .map(source -> new FlowSource(null, source.strip()))
            .toList();
        return service.validate(tenant, documents);
    }

    @Post(consumes = MediaType.APPLICATION_YAML)
    FlowWithSource create(@Body String source) throws Exception {
        return changes.create(tenant, source);
    }

    @Put(uri = "/{namespace}/{id}", consumes = MediaType.APPLICATION_YAML)
    FlowWithSource update(String namespace, String id, @Body String source) throws Exception {
        return changes.update(tenant, source, flows.findById(tenant, namespace, id).orElseThrow(() -> missing(namespace, id)));
    }

    // Object, because Micronaut serialises by the declared type and would drop what a subtype adds.
    @Get("/{namespace}/{id}")
    Object read(
        String namespace,
        String id,
        @QueryValue(defaultValue = "false") boolean source,
        @QueryValue Optional<Integer> revision,
        @QueryValue(defaultValue = "false") boolean allowDeleted
    ) {
        Optional<? extends Flow> flow = source
            ? flows.findByIdWithSource(tenant, namespace, id, revision, allowDeleted)
            : flows.findById(tenant, namespace, id, revision, allowDeleted);
        return flow.orElseThrow(() -> missing(namespace, id));
    }

    @Get("/{namespace}/{id}/revisions")
    List<?> revisions(String namespace, String id) {
        return flows.findRevisions(tenant, namespace, id, false);
    }

    @Get("/search")
    Page search(HttpRequest<?> request) {
        return Page.of(flows.find(Page.asked(request.getParameters(), Function.identity()), tenant, QueryFilters.of(request.getParameters())));
    }

    @Get("/{namespace}")
    List<?> list(String namespace) {
        return flows.findByNamespace(tenant, namespace);
    }

    @Delete("/{namespace}/{id}")
    HttpResponse<?> delete(String namespace, String id) {
        service.delete(flows.findByIdWithSource(tenant, namespace, id).orElseThrow(() -> missing(namespace, id)));
        return HttpResponse.noContent();
    }

    private static NoSuchElementException missing(String namespace, String id) {
        return new NoSuchElementException("flow " + namespace + "." + id);
    }
}
