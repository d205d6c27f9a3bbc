package dev.funnel.engine.api;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.FixedRecvByteBufAllocator;
import jakarta.inject.Singleton;

/**
 * Reads a request's body in one piece where it can. Netty 4.2.12 keeps the carriage return before a multipart boundary as part of
 * the value when what it has read ends just there, so that an input 2 arrives as "2\r"; its usual buffer of 2 KB makes that common.
 */
@Singleton
final class WholeBodies implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private static final int BUFFER = 256 * 1024;

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new Customizer());
        return registry;
    }

    private static final class Customizer implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BUFFER));
            return this;
        }
    }
}
