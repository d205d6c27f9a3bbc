package dev.funnel.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kestra.core.exceptions.ConflictException;
import io.kestra.core.exceptions.DeserializationException;
import io.kestra.core.exceptions.FlowProcessingException;
import io.kestra.core.exceptions.InputOutputValidationException;
import io.kestra.core.exceptions.InvalidException;
import io.kestra.core.exceptions.InvalidQueryFiltersException;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.exceptions.ResourceExpiredException;
import io.kestra.core.exceptions.ValidationErrorException;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import io.netty.handler.codec.DecoderException;
import jakarta.validation.ConstraintViolationException;
import java.io.FileNotFoundException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kestra's status and body for each way a request can fail. */
@Controller
class ErrorController {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorController.class);

    @Error(global = true, status = HttpStatus.NOT_FOUND)
    HttpResponse<?> unknownRoute(HttpRequest<?> request) {
        return answer(request, HttpStatus.NOT_FOUND, HttpStatus.NOT_FOUND.getReason());
    }

    @Error(global = true, status = HttpStatus.METHOD_NOT_ALLOWED)
    HttpResponse<?> unknownMethod(HttpRequest<?> request) {
        return answer(request, HttpStatus.METHOD_NOT_ALLOWED, HttpStatus.METHOD_NOT_ALLOWED.getReason());
    }

    @Error(global = true, status = HttpStatus.UNSUPPORTED_MEDIA_TYPE)
    HttpResponse<?> unknownMediaType(HttpRequest<?> request) {
        return answer(request, HttpStatus.UNSUPPORTED_MEDIA_TYPE, HttpStatus.UNSUPPORTED_MEDIA_TYPE.getReason());
    }

    @Error(global = true)
    HttpResponse<?> failed(HttpRequest<?> request, Throwable fault) {
        return switch (fault) {
            case ConstraintViolationException violations -> violated(request, violations);
            case FlowProcessingException flow when flow.getCause() instanceof ConstraintViolationException violations -> violated(request, violations);
            case FlowProcessingException flow -> unprocessable(request, "Invalid entity", flow.getCause() == null ? flow : flow.getCause());
            case InputOutputValidationException input -> unprocessable(request, "Invalid entity", input);
            case DeserializationException source -> unprocessable(request, "Invalid entity", source);
            case InvalidException invalid -> unprocessable(request, "Invalid entity", invalid);
            case JsonProcessingException json -> unprocessable(request, "Invalid json", json);
            case ConversionErrorException value -> unprocessable(request, "Illegal argument", value);
            case IllegalArgumentException argument -> unprocessable(request, "Illegal argument", argument);
            case IllegalStateException state -> answer(request, HttpStatus.CONFLICT, message("Illegal state", state));
            case ConflictException conflict -> answer(request, HttpStatus.CONFLICT, message("Conflict", conflict));
            case NoSuchElementException missing -> answer(request, HttpStatus.NOT_FOUND, message("Not Found", missing));
            case NotFoundException missing -> answer(request, HttpStatus.NOT_FOUND, message("Not Found", missing));
            case FileNotFoundException missing -> answer(request, HttpStatus.NOT_FOUND, message("Not Found", missing));
            case ResourceExpiredException expired -> answer(request, HttpStatus.GONE, message("Resource has expired", expired));
            case InvalidQueryFiltersException filters -> answer(request, HttpStatus.BAD_REQUEST, message("Invalid query filters", filters));
            case ValidationErrorException invalid -> answer(request, HttpStatus.BAD_REQUEST, invalid.formatedInvalidObjects());
            case UnsatisfiedRouteException incomplete -> answer(request, HttpStatus.BAD_REQUEST, message("Bad Request", incomplete));
            case ContentLengthExceededException tooLarge -> answer(request, HttpStatus.REQUEST_ENTITY_TOO_LARGE, message("Request Entity Too Large", tooLarge));
            // A body that is not packed as its header says.
            case DecoderException packed -> answer(request, HttpStatus.BAD_REQUEST, message("Bad Request", packed));
            case HttpStatusException status -> answer(request, status.getStatus(), message(status.getStatus().getReason(), status));
            default -> {
                LOG.error("{} {} failed", request.getMethodName(), withoutKey(request.getPath()), fault);
                yield answer(request, HttpStatus.INTERNAL_SERVER_ERROR, message("Internal server error", fault));
            }
        };
    }

    /** An answer in Kestra's error shape. */
    static MutableHttpResponse<Map<String, Object>> answer(HttpRequest<?> request, HttpStatus status, String message) {
        return answer(request, status, message, List.of(Map.of("message", message)));
    }

    private static MutableHttpResponse<Map<String, Object>> answer(HttpRequest<?> request, HttpStatus status, String message, List<?> errors) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", message);
        body.put("_links", Map.of("self", Map.of("href", request.getUri(), "templated", false)));
        body.put("_embedded", Map.of("errors", errors));
        return HttpResponse.<Map<String, Object>>status(status).contentType(MediaType.APPLICATION_JSON_TYPE).body(body);
    }

    private static HttpResponse<?> unprocessable(HttpRequest<?> request, String kind, Throwable fault) {
        return answer(request, HttpStatus.UNPROCESSABLE_ENTITY, message(kind, fault));
    }

    private static HttpResponse<?> violated(HttpRequest<?> request, ConstraintViolationException violations) {
        List<Map<String, String>> errors = violations.getConstraintViolations().stream()
            .map(violation -> Map.of("message", violation.getMessage(), "path", violation.getPropertyPath().toString()))
            .toList();
        return answer(request, HttpStatus.UNPROCESSABLE_ENTITY, message("Invalid entity", violations), errors);
    }

    private static String withoutKey(String path) {
        return path.startsWith(Paths.WEBHOOKS) ? path.substring(0, path.lastIndexOf('/')) : path;
    }

    private static String message(String kind, Throwable fault) {
        return fault.getMessage() == null ? kind : kind + ": " + fault.getMessage();
    }
}
