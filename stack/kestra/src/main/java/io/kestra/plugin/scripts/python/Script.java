package io.kestra.plugin.scripts.python;

import io.kestra.core.models.annotations.Plugin;
import io.kestra.core.models.property.Property;
import io.kestra.core.models.tasks.RunnableTask;
import io.kestra.core.models.tasks.runners.TargetOS;
import io.kestra.core.runners.RunContext;
import io.kestra.plugin.scripts.exec.AbstractExecScript;
import io.kestra.plugin.scripts.exec.scripts.models.ScriptOutput;
import io.kestra.plugin.scripts.exec.scripts.runners.CommandsWrapper;
import jakarta.validation.constraints.NotNull;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Python task of Kestra's official script plugin, whose jar no public repository serves. Type, properties and
 * outputs are the plugin's own, so the same flows load on a stock Kestra image.
 */
@Plugin
public class Script extends AbstractExecScript implements RunnableTask<ScriptOutput> {
    private static final String DEFAULT_IMAGE = "ghcr.io/kestra-io/kestrapy:latest";

    @NotNull
    private Property<String> script;

    private Property<String> containerImage = Property.ofValue(DEFAULT_IMAGE);

    public Property<String> getScript() {
        return script;
    }

    @Override
    public Property<String> getContainerImage() {
        return containerImage;
    }

    @Override
    public ScriptOutput run(RunContext runContext) throws Exception {
        CommandsWrapper commands = this.commands(runContext);
        Path file = runContext.workingDir().createTempFile(".py");
        Files.writeString(file, commands.render(runContext, script), StandardCharsets.UTF_8);

        TargetOS os = runContext.render(this.targetOS).as(TargetOS.class).orElse(TargetOS.AUTO);
        String name = runContext.workingDir().path().relativize(file).toString();
        String path = commands.getTaskRunner().toAbsolutePath(runContext, commands, name, os);
        return commands
            .addEnv(Map.of("PYTHONUNBUFFERED", "true"))
            .withInterpreter(this.interpreter)
            .withBeforeCommands(this.beforeCommands)
            .withBeforeCommandsWithOptions(true)
            .withCommands(Property.ofValue(List.of("python3 " + path)))
            .withTargetOS(os)
            .run();
    }
}
