package dev.funnel.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kestra.core.exceptions.ResourceExpiredException;
import io.kestra.core.models.kv.KVType;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.core.services.KVStoreService;
import io.kestra.core.storages.kv.KVEntry;
import io.kestra.core.storages.kv.KVMetadata;
import io.kestra.core.storages.kv.KVStore;
import io.kestra.core.storages.kv.KVValue;
import io.kestra.core.storages.kv.KVValueAndMetadata;
import io.kestra.core.tenant.TenantService;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;

/** The key-value store of a namespace. */
@Controller(Paths.NAMESPACES + "/{namespace}/kv")
@ExecuteOn(TaskExecutors.IO)
class KvController {
    private final KVStoreService stores;
    private final String tenant;

    KvController(KVStoreService stores, TenantService tenants) {
        this.stores = stores;
        this.tenant = tenants.resolveTenant();
    }

    record TypedValue(KVType type, Object value) {
    }

    @Get
    List<KVEntry> list(String namespace) throws IOException {
        return store(namespace).list();
    }

    @Get("/{key}")
    TypedValue read(String namespace, String key) throws IOException, ResourceExpiredException {
        Object value = store(namespace).getValue(key)
            .map(KVValue::value)
            .orElseThrow(() -> new NoSuchElementException("No value found for key '" + key + "' in namespace '" + namespace + "'"));
        return new TypedValue(KVType.from(value), value);
    }

    @Put(uri = "/{key}", consumes = {MediaType.TEXT_PLAIN, MediaType.APPLICATION_JSON})
    void write(String namespace, String key, @Body String value, @Header @Nullable String description, @Header @Nullable Duration ttl) throws IOException {
        JsonNode parsed;
        try {
            // Ion, a superset of JSON in which a timestamp is a timestamp.
            parsed = JacksonMapper.ofIon().readTree(value);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException("the value is not JSON", fault);
        }
        store(namespace).put(key, new KVValueAndMetadata(new KVMetadata(description, ttl), parsed));
    }

    @Delete("/{key}")
    boolean delete(String namespace, String key) throws IOException {
        return store(namespace).delete(key);
    }

    private KVStore store(String namespace) {
        // "From itself", because without an asking namespace core wants the namespace to have a flow already.
        return stores.get(tenant, namespace, namespace);
    }
}
