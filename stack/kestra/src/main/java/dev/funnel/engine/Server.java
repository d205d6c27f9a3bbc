package dev.funnel.engine;

import io.kestra.core.server.Service;

/** One of Kestra's servers and how it is started; some do not come back from their start. */
record Server(Service service, Runnable start) {
}
