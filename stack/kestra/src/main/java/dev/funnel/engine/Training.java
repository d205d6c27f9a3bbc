package dev.funnel.engine;

/** placeholder until written */
final class Training {
    Training(String url, Options options) {
    }

    void run() {
    }
}
