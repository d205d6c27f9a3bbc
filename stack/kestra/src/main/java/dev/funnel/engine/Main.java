package dev.funnel.engine;

import io.kestra.core.serializers.JacksonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts the engine, says on standard output where it is, and makes sure that nothing outlives it. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        PrintStream announcements = System.out;
        // Standard output carries the ready line and nothing else, whatever a library prints.
        System.setOut(System.err);

        Options options;
        try {
            options = Options.parse(args, System.getenv());
        } catch (IllegalArgumentException fault) {
            System.err.println("engine: " + fault.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Files.createDirectories(options.dataDir().resolve("tmp"));
        Files.createDirectories(options.logFile().getParent());
        // As in Kestra's image. Its H2 queues compare local with zoned times and lose messages anywhere else.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        // Read by logback.xml, so it must be there before the first logger.
        System.setProperty("engine.log.file", options.logFile().toString());

        run(options, announcements);
    }

    private static void run(Options options, PrintStream announcements) {
        Engine engine = new Engine(options);
        Farewell.arrange(engine::stop);
        if (options.exitWhenStdinCloses()) {
            endWithStandardInput();
        }
        try {
            engine.start();
            if (options.train()) {
                new Training(engine.url(), options).run();
                System.exit(0);
            }
            announcements.println(readyLine(engine));
            announcements.flush();
        } catch (Throwable fault) {
            fault.printStackTrace();
            // Once more in short, where whoever is shown only the log's end finds it.
            System.err.println("engine: " + causes(fault));
            System.exit(1);
        }
    }

    private static String causes(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).map(Throwable::toString).collect(Collectors.joining("; because of "));
    }

    private static String readyLine(Engine engine) throws IOException {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("event", "ready");
        line.put("url", engine.url());
        line.put("managementUrl", engine.managementUrl());
        line.put("version", engine.version());
        return JacksonMapper.ofJson().writeValueAsString(line);
    }

    /** The pipe closes when the process at its other end dies, however it dies: no other signal is as reliable. */
    private static void endWithStandardInput() {
        Thread.ofPlatform().daemon().name("standard-input").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // whatever is written to us means nothing; only the end counts
                }
            } catch (IOException closed) {
                // the end, too
            }
            System.exit(0);
        });
    }
}
