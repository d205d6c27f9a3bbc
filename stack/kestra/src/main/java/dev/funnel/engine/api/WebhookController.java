package dev.funnel.engine.api;

import io.kestra.core.exceptions.IllegalVariableEvaluationException;
import io.kestra.core.http.HttpRequest.StringRequestBody;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowWithException;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.WebhookService;
import io.kestra.core.tenant.TenantService;
import io.kestra.core.utils.ListUtils;
import io.kestra.plugin.core.trigger.AbstractWebhookTrigger;
import io.kestra.plugin.core.trigger.WebhookContext;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.annotation.SingleResult;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.Charset;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the trigger a webhook's URL means and lets core evaluate it. */
@Controller(Paths.WEBHOOKS + "/{namespace}/{id}/{key}")
@ExecuteOn(TaskExecutors.IO)
class WebhookController {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookController.class);

    private final FlowRepositoryInterface flows;
    private final WebhookService webhooks;
    private final String tenant;

    WebhookController(FlowRepositoryInterface flows, WebhookService webhooks, TenantService tenants) {
        this.flows = flows;
        this.webhooks = webhooks;
        this.tenant = tenants.resolveTenant();
    }

    @Get
    @SingleResult
    Publisher<HttpResponse<?>> get(HttpRequest<?> request, String namespace, String id, String key) throws Exception {
        return fire(request, namespace, id, key, null);
    }

    // Bytes, so that Micronaut parses nothing: JSON that does not parse must reach the flow as it was sent.
    @Post(consumes = MediaType.ALL)
    @SingleResult
    Publisher<HttpResponse<?>> post(HttpRequest<?> request, String namespace, String id, String key, @Body @Nullable byte[] body) throws Exception {
        return fire(request, namespace, id, key, body);
    }

    @Put(consumes = MediaType.ALL)
    @SingleResult
    Publisher<HttpResponse<?>> put(HttpRequest<?> request, String namespace, String id, String key, @Body @Nullable byte[] body) throws Exception {
        return fire(request, namespace, id, key, body);
    }

    private Publisher<HttpResponse<?>> fire(HttpRequest<?> request, String namespace, String id, String key, @Nullable byte[] body) throws Exception {
        Flow flow = flows.findById(tenant, namespace, id).orElseThrow(() -> new HttpStatusException(HttpStatus.NOT_FOUND, "Flow not found"));
        if (flow instanceof FlowWithException invalid) {
            throw new IllegalStateException("Cannot execute an invalid flow: " + invalid.getException());
        }
        AbstractWebhookTrigger trigger = ListUtils.emptyOnNull(flow.getTriggers()).stream()
            .filter(AbstractWebhookTrigger.class::isInstance)
            .map(AbstractWebhookTrigger.class::cast)
            .filter(candidate -> hasKey(flow, candidate, key))
            .findFirst()
            .orElseThrow(() -> new HttpStatusException(HttpStatus.NOT_FOUND, "Webhook not found"));
        // After the key: whoever lacks it learns nothing about the flow.
        if (flow.isDisabled()) {
            throw new IllegalStateException("Cannot execute a disabled flow");
        }
        WebhookContext context = WebhookContext.builder()
            .request(asKestraHasIt(request, body))
            .flow(flow)
            .trigger(trigger)
            .webhookService(webhooks)
            .build();
        return trigger.evaluate(context).map(WebhookController::asMicronautHasIt);
    }

    private boolean hasKey(Flow flow, AbstractWebhookTrigger trigger, String key) {
        try {
            return webhooks.runContext(flow, trigger).render(trigger.getKey()).strip().equals(key);
        } catch (IllegalVariableEvaluationException fault) {
            // Without the fault's text: it may quote the key.
            LOG.warn("The webhook key of {}.{} cannot be rendered, so nobody can call it", flow.getNamespace(), flow.getId());
            return false;
        }
    }

    private static io.kestra.core.http.HttpRequest asKestraHasIt(HttpRequest<?> request, @Nullable byte[] body) {
        Charset charset = request.getCharacterEncoding();
        var kestra = io.kestra.core.http.HttpRequest.builder()
            .method(request.getMethodName())
            .uri(request.getUri())
            .headers(java.net.http.HttpHeaders.of(request.getHeaders().asMap(), (name, value) -> true));
        if (body != null && body.length > 0) {
            kestra.body(StringRequestBody.builder()
                .contentType(request.getContentType().map(MediaType::getName).orElse(MediaType.TEXT_PLAIN))
                .charset(charset)
                .content(new String(body, charset))
                .build());
        }
        return kestra.build();
    }

    private static HttpResponse<?> asMicronautHasIt(io.kestra.core.http.HttpResponse<?> kestra) {
        MutableHttpResponse<Object> response = HttpResponse.status(HttpStatus.valueOf(kestra.getStatus().getCode()));
        if (kestra.getHeaders() != null) {
            kestra.getHeaders().map().forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        }
        return response.body(kestra.getBody());
    }
}
