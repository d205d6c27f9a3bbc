package dev.funnel.engine.api;

import dev.funnel.engine.Options;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/** Kestra's basic authentication: everything is closed but the ping and the webhooks, which have keys of their own. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
class BasicAuthFilter {
    /** Namespace, flow and key, and no less: with two of them or none a path would be another route's, such as an execution's. */
    private static final Pattern WEBHOOK = Pattern.compile(Pattern.quote(Paths.WEBHOOKS) + "(?:/[^/]+){3}");

    private final byte[] expected;

    BasicAuthFilter(Options options) {
        byte[] credentials = (options.user() + ":" + options.password()).getBytes(StandardCharsets.UTF_8);
        this.expected = ("Basic " + Base64.getEncoder().encodeToString(credentials)).getBytes(StandardCharsets.UTF_8);
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> refuseStrangers(HttpRequest<?> request) {
        String path = request.getPath();
        if (path.equals("/ping") || WEBHOOK.matcher(path).matches()) {
            return null;
        }
        String given = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            return null;
        }
        return ErrorController.answer(request, HttpStatus.UNAUTHORIZED, HttpStatus.UNAUTHORIZED.getReason())
            .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Kestra\"");
    }
}
