package dev.funnel.engine.api;

import io.kestra.core.exceptions.InvalidQueryFiltersException;
import io.kestra.core.models.QueryFilter;
import io.kestra.core.models.QueryFilter.Field;
import io.kestra.core.models.QueryFilter.Op;
import io.micronaut.http.HttpParameters;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The search filters of a query string as core's {@link QueryFilter}s: {@code filters[field][OPERATION]=value}, and
 * where none is given the plain parameters of older versions.
 */
final class QueryFilters {
    private static final Pattern NAME = Pattern.compile("filters\\[(\\w+)]\\[(\\w+)](?:\\[(.+)])?");

    private QueryFilters() {
    }

    static List<QueryFilter> of(HttpParameters parameters) {
        List<QueryFilter> filters = named(parameters);
        return filters.isEmpty() ? plain(parameters) : filters;
    }

    private static List<QueryFilter> named(HttpParameters parameters) {
        List<QueryFilter> filters = new ArrayList<>();
        Map<Op, Map<String, String>> labels = new EnumMap<>(Op.class);
        for (Map.Entry<String, List<String>> parameter : parameters.asMap().entrySet()) {
            Matcher name = NAME.matcher(parameter.getKey());
            if (!name.matches()) {
                if (parameter.getKey().startsWith("filters")) {
                    throw new InvalidQueryFiltersException(parameter.getKey());
                }
                continue;
            }
            Field field = Field.fromString(name.group(1));
            Op operation = operation(name.group(2));
            String nested = name.group(3);
            List<String> values = parameter.getValue();
            if (field == Field.LABELS && nested != null) {
                labels.computeIfAbsent(operation, any -> new LinkedHashMap<>()).put(nested, values.getFirst());
            } else if (field == Field.TIME_RANGE) {
                filters.add(since(values.getFirst()));
            } else {
                filters.add(filter(field, operation, value(operation, values)));
            }
        }
        labels.forEach((operation, pairs) -> filters.add(filter(Field.LABELS, operation, pairs)));
        return filters;
    }

    private static List<QueryFilter> plain(HttpParameters parameters) {
        List<QueryFilter> filters = new ArrayList<>();
        for (Field field : List.of(Field.QUERY, Field.FLOW_ID, Field.TRIGGER_EXECUTION_ID, Field.CHILD_FILTER, Field.SCOPE)) {
            parameters.getFirst(field.value()).ifPresent(value -> filters.add(filter(field, Op.EQUALS, value)));
        }
        parameters.getFirst("namespace").ifPresent(value -> filters.add(filter(Field.NAMESPACE, Op.PREFIX, value)));
        parameters.getFirst("startDate").ifPresent(value -> filters.add(filter(Field.START_DATE, Op.GREATER_THAN_OR_EQUAL_TO, value)));
        parameters.getFirst("endDate").ifPresent(value -> filters.add(filter(Field.END_DATE, Op.LESS_THAN_OR_EQUAL_TO, value)));
        parameters.getFirst("timeRange").ifPresent(value -> filters.add(since(value)));
        if (!parameters.getAll("state").isEmpty()) {
            filters.add(filter(Field.STATE, Op.IN, parameters.getAll("state").stream().flatMap(QueryFilters::split).toList()));
        }
        if (!parameters.getAll("labels").isEmpty()) {
            filters.add(filter(Field.LABELS, Op.EQUALS, Labels.pairs(parameters.getAll("labels"))));
        }
        return filters;
    }

    private static Object value(Op operation, List<String> values) {
        if (operation == Op.IN || operation == Op.NOT_IN) {
            return values.stream().flatMap(QueryFilters::split).toList();
        }
        return values.size() == 1 ? values.getFirst() : values;
    }

    private static java.util.stream.Stream<String> split(String list) {
        return Arrays.stream(list.split(","));
    }

    private static QueryFilter since(String range) {
        ZonedDateTime start = ZonedDateTime.now().minus(Duration.parse(range).abs());
        return filter(Field.START_DATE, Op.GREATER_THAN_OR_EQUAL_TO, start);
    }

    private static QueryFilter filter(Field field, Op operation, Object value) {
        return QueryFilter.builder().field(field).operation(operation).value(value).build();
    }

    private static Op operation(String name) {
        try {
            return Op.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new InvalidQueryFiltersException("unknown operation " + name);
        }
    }
}
