package dev.funnel.engine;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the command line asks for. The password comes from the environment: a command line is readable by everybody. */
public record Options(
    int port,
    int managementPort,
    Path dataDir,
    boolean databaseInFile,
    Path logFile,
    String user,
    String password,
    boolean exitWhenStdinCloses,
    boolean train
) {
    static final String USAGE = """
        --data-dir DIR                Kestra's storage, temporary files and (with --database file) its database
        --user EMAIL                  name for basic authentication; its password is read from KESTRA_PASSWORD
        --port N                      HTTP port on 127.0.0.1 (0, the default: any free one)
        --management-port N           port of /health on 127.0.0.1 (0, the default: any free one)
        --database memory|file        default memory
        --log-file FILE               default DIR/engine.log
        --exit-when-stdin-closes      end together with whoever holds the other end of standard input
        --train                       boot, run a small flow and end: a training run for the JVM's AOT cache; needs no user
        """;

    static Options parse(String[] args, Map<String, String> environment) {
        int port = 0;
        int managementPort = 0;
        Path dataDir = null;
        boolean databaseInFile = false;
        Path logFile = null;
        String user = null;
        boolean exitWhenStdinCloses = false;
        boolean train = false;

        Deque<String> rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            String name = rest.poll();
            switch (name) {
                case "--port" -> port = port(name, value(name, rest));
                case "--management-port" -> managementPort = port(name, value(name, rest));
                case "--data-dir" -> dataDir = Path.of(value(name, rest)).toAbsolutePath();
                case "--database" -> databaseInFile = switch (value(name, rest)) {
                    case "memory" -> false;
                    case "file" -> true;
                    default -> throw new IllegalArgumentException("--database is memory or file");
                };
                case "--log-file" -> logFile = Path.of(value(name, rest)).toAbsolutePath();
                case "--user" -> user = value(name, rest);
                case "--exit-when-stdin-closes" -> exitWhenStdinCloses = true;
                case "--train" -> train = true;
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }

        if (dataDir == null) {
            throw new IllegalArgumentException("--data-dir is missing");
        }
        String password = environment.get("KESTRA_PASSWORD");
        if (train) {
            user = "train@localhost";
            password = UUID.randomUUID().toString();
        }
        if (user == null) {
            throw new IllegalArgumentException("--user is missing");
        }
        if (password == null || password.isEmpty()) {
            throw new IllegalArgumentException("the environment variable KESTRA_PASSWORD is missing");
        }
        return new Options(
            port, managementPort, dataDir, databaseInFile,
            logFile == null ? dataDir.resolve("engine.log") : logFile,
            user, password, exitWhenStdinCloses, train
        );
    }

    private static String value(String name, Deque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return value;
    }

    private static int port(String name, String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, like a number out of range
        }
        throw new IllegalArgumentException(name + " is a port number, or 0");
    }
}
