package dev.funnel.engine.api;

import io.kestra.core.repositories.ArrayListTotal;
import io.micronaut.data.model.Pageable;
import io.micronaut.data.model.Sort;
import io.micronaut.http.HttpParameters;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One page of a search, as Kestra answers it. */
record Page(List<?> results, long total) {
    private static final int DEFAULT_SIZE = 10;

    static Page of(ArrayListTotal<?> found) {
        return new Page(found, found.getTotal());
    }

    /** The page a query string asks for: {@code page} from 1, {@code size}, {@code sort=column:asc|desc}, repeated. */
    static Pageable asked(HttpParameters parameters, Function<String, String> columns) {
        List<Sort.Order> orders = parameters.getAll("sort").stream().map(sort -> order(sort, columns)).toList();
        return Pageable.from(number(parameters, "page", 1), number(parameters, "size", DEFAULT_SIZE), orders.isEmpty() ? null : Sort.of(orders));
    }

    private static int number(HttpParameters parameters, String name, int otherwise) {
        int number = parameters.get(name) == null ? otherwise : parameters.get(name, Integer.class).orElse(0);
        if (number < 1) {
            throw new IllegalArgumentException(name + " must be a number greater than 0");
        }
        return number;
    }

    private static Sort.Order order(String sort, Function<String, String> columns) {
        String[] parts = sort.split(":");
        String column = Optional.ofNullable(columns.apply(parts[0]))
            .orElseThrow(() -> new IllegalArgumentException("cannot sort by " + parts[0]));
        if (parts.length != 2) {
            throw new IllegalArgumentException("sort is written column:asc or column:desc, not " + sort);
        }
        return parts[1].equals("asc") ? Sort.Order.asc(column) : Sort.Order.desc(column);
    }
}
