package dev.funnel.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.runner.h2.H2Functions;
import java.io.IOException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What H2 computes columns with. Kestra keeps a row as one JSON text, and its own functions parse that text once for each
 * column: seventeen times at each change of an execution, which grows with every task. Here it is parsed once a row. A search
 * by label asks each row for one label, and all else in the row is passed over. Any other expression goes to Kestra's function.
 */
public final class JsonColumns {
    private static final String NOT_JSON = "a row of Kestra's database is not JSON";
    private static final Pattern PATH = Pattern.compile("(\\.\\w+)+");
    private static final Pattern LABEL = Pattern.compile("\\.labels\\[]\\? \\| select\\(\\.key == \"([^\"\\\\]+)\"\\) \\| \\.value");
    private static final ThreadLocal<Row> LAST = ThreadLocal.withInitial(() -> new Row("", MissingNode.getInstance()));

    private JsonColumns() {
    }

    private record Row(String text, JsonNode json) {
    }

    public static String string(String row, String path) {
        if (isPath(path)) {
            return read(row, path, JsonNode::asText);
        }
        Matcher label = LABEL.matcher(path);
        return label.matches() ? label(row, label.group(1)) : H2Functions.jqString(row, path);
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

    private static String label(String row, String key) {
        try (JsonParser fields = JacksonMapper.ofJson().createParser(row)) {
            fields.nextToken();
            while (fields.nextToken() == JsonToken.FIELD_NAME) {
                boolean labels = fields.currentName().equals("labels");
                fields.nextToken();
                if (!labels) {
                    fields.skipChildren();
                    continue;
                }
                for (JsonNode label : fields.<JsonNode>readValueAsTree()) {
                    if (key.equals(label.path("key").asText())) {
                        return label.path("value").asText(null);
                    }
                }
            }
            return null;
        } catch (IOException fault) {
            throw new IllegalArgumentException(NOT_JSON, fault);
        }
    }

    private static JsonNode parsed(String row) {
        Row last = LAST.get();
        if (!last.text().equals(row)) {
            try {
                last = new Row(row, JacksonMapper.ofJson().readTree(row));
            } catch (JsonProcessingException fault) {
                throw new IllegalArgumentException(NOT_JSON, fault);
            }
            LAST.set(last);
        }
        return last.json();
    }
}
