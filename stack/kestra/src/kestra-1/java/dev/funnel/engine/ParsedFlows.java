package dev.funnel.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kestra.core.exceptions.FlowProcessingException;
import io.kestra.core.models.flows.FlowInterface;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.core.services.PluginDefaultService;
import io.micronaut.context.annotation.Replaces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Remembers parsed flows as JSON. The executor parses a flow's YAML anew for each message about one of its executions,
 * which took a quarter of all CPU time with flows of some 300 lines; JSON is read in a quarter of that.
 *
 * <p>It remembers bytes, never objects: a property keeps what it was once rendered to, so executions that shared a parsed
 * flow would share their dates as well (Kestra issue 18581).
 */
@Singleton
@Replaces(PluginDefaultService.class)
class ParsedFlows extends PluginDefaultService {
    private static final ObjectMapper JSON = JacksonMapper.ofJson();
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]+");
    private static final byte[] NOT_FAITHFUL = {};

    private final Map<Key, byte[]> remembered = new ConcurrentHashMap<>();

    private record Key(String tenant, String namespace, Integer revision, boolean deleted, boolean strict, String source) {
    }

    @Override
    public FlowWithSource injectAllDefaults(FlowInterface flow, boolean strictParsing) throws FlowProcessingException {
        if (flow.getSource() == null) {
            return super.injectAllDefaults(flow, strictParsing);
        }
        Key key = new Key(flow.getTenantId(), flow.getNamespace(), flow.getRevision(), flow.isDeleted(), strictParsing, flow.getSource());
        byte[] json = remembered.get(key);
        if (json != null && json != NOT_FAITHFUL) {
            return read(json, key);
        }
        FlowWithSource parsed = super.injectAllDefaults(flow, strictParsing);
        remembered.computeIfAbsent(key, unknown -> write(parsed, key));
        return parsed;
    }

    /** The flow as JSON, or a mark when reading that would not give the same flow again. */
    private static byte[] write(FlowWithSource flow, Key key) {
        try {
            byte[] json = JSON.writeValueAsBytes(flow);
            FlowWithSource copy = read(json, key);
            boolean faithful = described(copy).equals(described(flow)) && Arrays.equals(JSON.writeValueAsBytes(copy), json);
            return faithful ? json : NOT_FAITHFUL;
        } catch (IOException | UncheckedIOException cannot) {
            return NOT_FAITHFUL;
        }
    }

    private static FlowWithSource read(byte[] json, Key key) {
        try {
            return JSON.readValue(json, FlowWithSource.class).toBuilder()
                .tenantId(key.tenant())
                .revision(key.revision())
                .deleted(key.deleted())
                .source(key.source())
                .build();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static String described(FlowWithSource flow) {
        return IDENTITY.matcher(flow.toString()).replaceAll("");
    }
}
