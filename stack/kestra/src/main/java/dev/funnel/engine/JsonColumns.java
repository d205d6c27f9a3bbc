package dev.funnel.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.runner.h2.H2Functions;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What H2 computes columns with. Kestra keeps a row as one JSON text, and its own functions parse that text once for each
 * column: seventeen times at each change of an execution, which grows with every task. Here it is parsed once a row. Any
 * expression that is more than a path goes to Kestra's function.
 */
public final class JsonColumns {
    private static final Pattern PATH = Pattern.compile("(\\.\\w+)+");
    private static final ThreadLocal<Row> LAST = ThreadLocal.withInitial(() -> new Row("", MissingNode.getInstance()));

    private JsonColumns() {
    }

    private record Row(String text, JsonNode json) {
    }

    public static String string(String row, String path) {
        return isPath(path) ? read(row, path, JsonNode::asText) : H2Functions.jqString(row, path);
    }

    public static Boolean bool(String row, String path) {
        return isPath(path) ? read(row, path, JsonNode::asBoolean) : H2Functions.jqBoolean(row, path);
    }

    public static Long number(String row, String path) {
        return isPath(path) ? read(row, path, JsonNode::asLong) : H2Functions.jqLong(row, path);
    }

    public static Integer integer(String row, String path) {
        return isPath(path) ? read(row, path, JsonNode::asInt) : H2Functions.jqInteger(row, path);
    }

    public static Double decimal(String row, String path) {
        return isPath(path) ? read(row, path, JsonNode::asDouble) : H2Functions.jqDouble(row, path);
    }

    private static boolean isPath(String expression) {
        return PATH.matcher(expression).matches();
    }

    private static <T> T read(String row, String path, Function<JsonNode, T> as) {
        JsonNode found = parsed(row).at(path.replace('.', '/'));
        return found.isMissingNode() || found.isNull() ? null : as.apply(found);
    }

    private static JsonNode parsed(String row) {
        Row last = LAST.get();
        if (!last.text().equals(row)) {
            try {
                last = new Row(row, JacksonMapper.ofJson().readTree(row));
            } catch (JsonProcessingException fault) {
                throw new IllegalArgumentException("a row of Kestra's database is not JSON", fault);
            }
            LAST.set(last);
        }
        return last.json();
    }
}
