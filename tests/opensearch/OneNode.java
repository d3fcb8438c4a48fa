import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One node of OpenSearch, for tests: settings are the arguments (key=value), nothing else is read.
 *
 * Prints "up" when it answers, and what went wrong if it does not start. Ends when its standard input is closed, so
 * that it never outlives who started it.
 */
public final class OneNode extends Node {
    private OneNode(Environment environment, List<Class<? extends Plugin>> plugins) {
        super(environment, plugins.stream().map(OneNode::info).toList(), false);
    }

    private static PluginInfo info(Class<? extends Plugin> plugin) {
        return new PluginInfo(plugin.getName(), "", "", Version.CURRENT, "", plugin.getName(), null,
                Collections.emptyList(), false);
    }

    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (Throwable fault) {
            fault.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Settings given = settings.build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
                given, Map.of(), Path.of(given.get("path.home"), "config"), () -> "node");
        Node node = new OneNode(environment, List.of(Netty4ModulePlugin.class, CommonAnalysisModulePlugin.class));
        node.start();
        System.out.println("up");
        while (System.in.read() >= 0) {
            continue;
        }
        Thread.ofPlatform().daemon().start(() -> {
            pause(10_000);
            Runtime.getRuntime().halt(3);
        });
        node.close();
        System.exit(0);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException fault) {
            Thread.currentThread().interrupt();
        }
    }
}
