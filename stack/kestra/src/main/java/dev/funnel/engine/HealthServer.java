package dev.funnel.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.core.server.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code /health} on a port of its own, as Kestra has it. Not a Micronaut endpoint, because those want to know their
 * port before the start.
 */
final class HealthServer {
    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    static HealthServer start(int port, List<Service> services) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> answer(exchange, services));
        server.start();
        return new HealthServer(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, List<Service> services) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/health")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            boolean up = services.stream().allMatch(service -> service.getState().isRunning());
            Map<String, Object> details = services.stream()
                .collect(Collectors.toMap(service -> service.getType().name().toLowerCase(), service -> service.getState().name()));
            byte[] body = JacksonMapper.ofJson()
                .writeValueAsBytes(Map.of("name", "kestra", "status", up ? "UP" : "DOWN", "details", details));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(up ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
