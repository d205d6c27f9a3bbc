package dev.funnel.engine.api;

import io.kestra.core.storages.FileAttributes;
import io.kestra.core.storages.Namespace;
import io.kestra.core.storages.NamespaceFactory;
import io.kestra.core.storages.NamespaceFileAttributes;
import io.kestra.core.storages.StorageInterface;
import io.kestra.core.tenant.TenantService;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Part;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.multipart.CompletedFileUpload;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files of a namespace. */
@Controller(Paths.NAMESPACES + "/{namespace}/files")
@ExecuteOn(TaskExecutors.IO)
class NamespaceFileController {
    private final NamespaceFactory namespaces;
    private final StorageInterface storage;
    private final String tenant;

    NamespaceFileController(NamespaceFactory namespaces, StorageInterface storage, TenantService tenants) {
        this.namespaces = namespaces;
        this.storage = storage;
        this.tenant = tenants.resolveTenant();
    }

    @Get(produces = MediaType.APPLICATION_OCTET_STREAM)
    StreamedFile read(String namespace, @QueryValue Path path) throws IOException {
        return new StreamedFile(files(namespace).getFileContent(path), MediaType.APPLICATION_OCTET_STREAM_TYPE);
    }

    @Post(consumes = MediaType.MULTIPART_FORM_DATA)
    void write(String namespace, @QueryValue Path path, @Part CompletedFileUpload fileContent) throws Exception {
        files(namespace).putFile(path, new ByteArrayInputStream(fileContent.getBytes()));
    }

    @Put
    void move(String namespace, @QueryValue Path from, @QueryValue Path to) throws Exception {
        files(namespace).move(from, to);
    }

    @Delete
    HttpResponse<?> delete(String namespace, @QueryValue Path path) throws IOException {
        if (files(namespace).delete(path).isEmpty()) {
            throw new FileNotFoundException(path.toString());
        }
        return HttpResponse.noContent();
    }

    @Get("/directory")
    List<FileAttributes> list(String namespace, @QueryValue(defaultValue = "/") Path path) throws IOException {
        Namespace files = files(namespace);
        Path root = Path.of("/");
        if (path.equals(root) && !files.exists(root)) {
            files.createDirectory(root);
        }
        if (!files.exists(path)) {
            throw new FileNotFoundException("Directory not found: " + path);
        }
        return files.children(path.toString(), false).stream().<FileAttributes>map(NamespaceFileAttributes::new).toList();
    }

    private Namespace files(String namespace) {
        return namespaces.of(tenant, namespace, storage);
    }
}
