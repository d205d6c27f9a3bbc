package dev.funnel.engine;

import io.kestra.core.exceptions.DeserializationException;
import io.kestra.core.models.executions.MetricEntry;
import io.kestra.core.queues.QueueFactoryInterface;
import io.kestra.core.queues.QueueInterface;
import io.kestra.core.utils.Either;
import io.kestra.runner.h2.H2Queue;
import io.kestra.runner.h2.H2QueueFactory;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/** Drops the tasks' metrics: nobody reads them here, and storing them took a tenth of all work. */
@Factory
class NoMetrics {
    @Singleton
    @Named(QueueFactoryInterface.METRIC_QUEUE)
    @Bean(preDestroy = "close")
    @Replaces(value = QueueInterface.class, named = QueueFactoryInterface.METRIC_QUEUE, factory = H2QueueFactory.class)
    QueueInterface<MetricEntry> metrics(ApplicationContext context) {
        return new H2Queue<>(MetricEntry.class, context) {
            @Override
            public void emit(String consumerGroup, MetricEntry metric) {
            }

            @Override
            public Runnable receiveBatch(
                String consumerGroup,
                Class<?> queueType,
                Consumer<List<Either<MetricEntry, DeserializationException>>> consumer,
                boolean forUpdate
            ) {
                return () -> {
                };
            }
        };
    }
}
