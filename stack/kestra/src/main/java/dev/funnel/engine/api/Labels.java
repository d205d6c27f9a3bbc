package dev.funnel.engine.api;

import io.kestra.core.models.Label;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Labels as a query string has them: {@code labels=key:value}, repeated. */
final class Labels {
    private Labels() {
    }

    static Map<String, String> pairs(List<String> labels) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String label : labels) {
            int colon = label.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("a label is written key:value, not " + label);
            }
            pairs.put(label.substring(0, colon), label.substring(colon + 1));
        }
        return pairs;
    }

    /** The labels a caller may give an execution: Kestra's own are Kestra's, but for the correlation id. */
    static List<Label> ofNewExecution(List<String> labels) {
        return pairs(labels).entrySet().stream().map(pair -> {
            if (pair.getKey().startsWith(Label.SYSTEM_PREFIX) && !pair.getKey().equals(Label.CORRELATION_ID)) {
                throw new IllegalArgumentException("System labels can only be set by Kestra itself, offending label: " + pair.getKey());
            }
            return new Label(pair.getKey(), pair.getValue());
        }).toList();
    }
}
