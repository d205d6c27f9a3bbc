package dev.funnel.engine;

import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.kestra.controller.DefaultController;
import io.kestra.controller.config.ControllerConfiguration;
import io.kestra.controller.config.GrpcConfiguration;
import io.kestra.controller.grpc.InternalCallServerInterceptor;
import io.kestra.controller.grpc.WorkerControllerService;
import io.kestra.core.metrics.MetricRegistry;
import io.kestra.core.server.ServiceStateChangeEvent;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.event.ApplicationEventPublisher;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Kestra's own controller listens on all addresses, without a login: whoever reached it could take the tasks, secrets and all. */
@Singleton
@Replaces(DefaultController.class)
class LoopbackController extends DefaultController {
    private final List<WorkerControllerService> services;

    LoopbackController(
        List<WorkerControllerService> services,
        GrpcConfiguration grpc,
        ControllerConfiguration configuration,
        MetricRegistry metrics,
        ApplicationEventPublisher<ServiceStateChangeEvent> events
    ) {
        super(services, grpc, configuration, metrics, events);
        this.services = services;
    }

    @Override
    protected ServerBuilder<?> buildServer(int port) {
        ServerBuilder<?> server = NettyServerBuilder
            .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), createServerCredentials())
            .intercept(new InternalCallServerInterceptor())
            .maxInboundMessageSize(grpcConfiguration.maxInboundMessageSize())
            .addService(healthStatusManager.getHealthService());
        services.forEach(server::addService);
        return server;
    }
}
