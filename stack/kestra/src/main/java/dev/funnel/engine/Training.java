package dev.funnel.engine;

import io.kestra.core.serializers.JacksonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A typical short life, lived for the JVM's AOT cache: what is loaded and hot here need not be loaded and warmed in the
 * runs that use the cache.
 */
final class Training {
    private static final int ROUNDS = 12;
    private static final String API = "/api/v1/main";
    private static final String LIBRARY = "def greet(name):\n    return 'hello ' + name\n";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String authorization;

    Training(String url, Options options) {
        this.url = url;
        byte[] credentials = (options.user() + ":" + options.password()).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    void run() throws Exception {
        deploy();
        List<String> executions = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            executions.add(fire());
        }
        for (String execution : executions) {
            awaitSuccess(execution);
            send("GET", API + "/executions/" + execution, "", BodyPublishers.noBody());
            send("GET", API + "/logs/" + execution + "?minLevel=INFO", "", BodyPublishers.noBody());
            search(execution);
        }
    }

    private void deploy() throws IOException, InterruptedException {
        send("GET", "/api/v1/configs", "", BodyPublishers.noBody());
        send("PUT", API + "/namespaces/training/kv/GREETING", "text/plain", text("\"hello\""));
        String part = "--cut\r\nContent-Disposition: form-data; name=\"fileContent\"; filename=\"greeting.py\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n" + LIBRARY + "\r\n--cut--\r\n";
        send("POST", API + "/namespaces/training/files?path=/lib/greeting.py", "multipart/form-data; boundary=cut", text(part));

        String sources = source();
        send("POST", API + "/flows/validate", "application/x-yaml", text(sources));
        for (String source : sources.split("(?m)^---$")) {
            send("POST", API + "/flows", "application/x-yaml", text(source));
        }
        send("GET", API + "/flows/training/training?source=true", "", BodyPublishers.noBody());
    }

    private String fire() throws IOException, InterruptedException {
        Map<String, String> payload = Map.of("name", "Ada", "due", Instant.now().toString(), "url", url);
        String answer = send("POST", API + "/executions/webhook/training/training/training", "application/json",
            text(JacksonMapper.ofJson().writeValueAsString(payload)));
        return JacksonMapper.toMap(answer).get("id").toString();
    }

    private void awaitSuccess(String execution) throws Exception {
        HttpRequest request = request(API + "/executions/" + execution + "/follow").GET().build();
        try (Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
            String last = lines.filter(line -> line.startsWith("data:")).reduce((former, latter) -> latter).orElseThrow();
            Map<?, ?> state = (Map<?, ?>) JacksonMapper.toMap(last.substring("data:".length())).get("state");
            if (!"SUCCESS".equals(state.get("current")) && !"WARNING".equals(state.get("current"))) {
                throw new IllegalStateException("the training flow ended " + state.get("current") + ": " + last);
            }
        }
    }

    private void search(String execution) throws IOException, InterruptedException {
        String filters = Stream.of("filters[namespace][EQUALS]=training", "filters[labels][EQUALS][system.correlationId]=" + execution, "filters[state][IN]=SUCCESS,CREATED")
            .map(filter -> filter.split("=", 2))
            .map(filter -> URLEncoder.encode(filter[0], StandardCharsets.UTF_8) + "=" + filter[1])
            .reduce((former, latter) -> former + "&" + latter)
            .orElseThrow();
        send("GET", API + "/executions/search?size=50&sort=state.startDate:desc&" + filters, "", BodyPublishers.noBody());
    }

    private String send(String method, String path, String contentType, BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).method(method, body);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", authorization);
    }

    private static BodyPublisher text(String text) {
        return BodyPublishers.ofString(text);
    }

    private static String source() throws IOException {
        try (InputStream file = Training.class.getResourceAsStream("/training.yaml")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
