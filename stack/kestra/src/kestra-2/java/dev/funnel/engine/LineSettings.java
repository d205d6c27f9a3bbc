package dev.funnel.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/** What only Kestra 2.x is configured with. It migrates its database by itself. */
final class LineSettings {
    static final String QUEUE_CLEANER = "kestra.jdbc.queue.cleaner";

    private LineSettings() {
    }

    /**
     * The worker gets its jobs by gRPC, in this JVM as well: worker and controller are told one port before either has it. So is
     * the HTTP server, because expressions know only a {@code kestra.url} that was there at the start.
     */
    static Map<String, Object> own(Options options) {
        int port = freePort();
        int http = options.port() == 0 ? freePort() : options.port();
        return Map.of(
            "micronaut.server.port", http,
            "kestra.url", "http://127.0.0.1:" + http,
            "kestra.controller.port", port,
            "kestra.worker.controllers.type", "STATIC",
            "kestra.worker.controllers.static.endpoints", List.of(Map.of("host", "127.0.0.1", "port", port)),
            // Micronaut's own gRPC server has nothing to serve.
            "grpc.server.enabled", false
        );
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
