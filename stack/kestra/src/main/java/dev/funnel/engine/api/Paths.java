package dev.funnel.engine.api;

/** Where Kestra keeps its resources since 1.0. The open-source edition has one tenant, "main". */
final class Paths {
    static final String API = "/api/v1";
    static final String TENANT = API + "/main";
    static final String EXECUTIONS = TENANT + "/executions";
    static final String WEBHOOKS = EXECUTIONS + "/webhook";
    static final String FLOWS = TENANT + "/flows";
    static final String LOGS = TENANT + "/logs";
    static final String NAMESPACES = TENANT + "/namespaces";

    private Paths() {
    }
}
