package io.aeon.cli;

import com.typesafe.config.Config;
import io.aeon.config.AeonSettings;
import io.aeon.config.ChangedSettings;
import io.aeon.config.SettingsSources;
import io.aeon.config.Version;
import io.aeon.diagnosis.GroupInquiry;
import io.aeon.diagnosis.GroupReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Collects what somebody who helps has to know of a broker that runs on this machine. */
final class DebugBundleCommand implements Subcommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long BETWEEN_LOOKS_MS = 300;

    private final PrintStream out;
    private final Clock clock;
    private final Duration patience;

    /** @param patience time to collect all parts; those that take longer are left out */
    DebugBundleCommand(PrintStream out, Clock clock, Duration patience) {
        this.out = out;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public String words() {
        return "debug-bundle";
    }

    @Override
    public String summary() {
        return "Collect settings, threads, memory, groups that stand still and log lines in a zip file.";
    }

    @Override
    public String more() {
        return "It takes the options of aeon start, by which it finds the broker. Values of settings that may be secret are"
                + " left out. The log is there if stderr of the broker is a file or the journal of systemd, and threads if it"
                + " runs on a JDK, not a JRE.";
    }

    @Override
    public String operand() {
        return "[FILE]";
    }

    @Override
    public Options options() {
        Options options = StartOptions.all();
        options.addOption(Cluster.options().getOption(Cluster.BOOTSTRAP));
        return options;
    }

    @Override
    public int run(Given given) throws Exception {
        Config own = StartOptions.config(given, Map.of());
        AeonSettings settings = AeonSettings.load(own);
        Optional<RunningBroker> broker = RunningBroker.on(settings.dataDir());
        Config config = broker.isPresent() ? config(broker.get(), own) : own;
        Optional<String> bootstrap =
                given.text(Cluster.BOOTSTRAP).or(() -> PortCheck.address(AeonSettings.load(config)));
        Path file = Path.of(given.optionalOperand().orElse("aeon-debug-" + TIME.format(clock.instant()) + ".zip"));
        List<String> missing = bundle(config, broker, bootstrap.orElseGet(() -> Cluster.bootstrap(given)))
                .write(file, patience);
        out.printf(
                Locale.ROOT,
                "%s has %d KiB. It names topics, groups and addresses; look at it before you send it.%n",
                file,
                (Files.size(file) + 1023) / 1024);
        missing.forEach(each -> out.println("left out: " + each));
        return Main.OK;
    }

    private DebugBundle bundle(Config config, Optional<RunningBroker> broker, String bootstrap) {
        DebugBundle bundle = new DebugBundle();
        bundle.add("about.txt", () -> about(broker));
        bundle.add("settings.txt", () -> lines(ChangedSettings.withSources(config)));
        bundle.add("doctor.json", () -> doctor(config, bootstrap));
        broker.map(ProcessLook::new).ifPresent(process -> {
            bundle.add("threads.txt", process::threads);
            bundle.add("memory.txt", process::memory);
            bundle.add("log.txt", process::log);
        });
        bundle.add("groups.json", () -> standingGroups(bootstrap));
        bundle.add("cluster.json", () -> cluster(bootstrap));
        return bundle;
    }

    private String about(Optional<RunningBroker> broker) {
        return String.format(
                Locale.ROOT,
                "Aeon %s, JDK %s at %s, %s %s %s%n%s%n%s%n",
                Version.current(),
                Runtime.version(),
                System.getProperty("java.home"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                clock.instant(),
                broker.map(running -> "the broker is process " + running.pid()
                                + ProcessHandle.of(running.pid())
                                        .flatMap(process -> process.info().startInstant())
                                        .map(start -> ", started at " + start)
                                        .orElse(""))
                        .orElse("no broker runs on the data directory"));
    }

    private static String lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private String doctor(Config config, String bootstrap) {
        Listing listing = new Listing("findings", "grade", "about", "finding");
        new DoctorCommand(out, clock)
                .findings(AeonSettings.load(config), Optional.of(bootstrap))
                .forEach(each -> listing.row(each.grade().toString(), each.about(), each.text()));
        return Listing.json(List.of(listing));
    }

    private static String standingGroups(String bootstrap) throws IOException, InterruptedException {
        try (GroupInquiry inquiry = GroupsCommand.inquiry(bootstrap)) {
            List<GroupReport> reports = GroupsCommand.reports(inquiry, Optional.empty(), BETWEEN_LOOKS_MS).stream()
                    .filter(report -> !report.stalls().isEmpty())
                    .toList();
            return GroupsJson.of(reports);
        }
    }

    private static String cluster(String bootstrap) throws InterruptedException {
        try (Cluster cluster = new Cluster(bootstrap)) {
            return Listing.json(
                    List.of(SettingsCommand.ofBrokers(cluster, false), TopicsCommand.all(cluster, new HashSet<>())));
        }
    }

    /** The settings with which the broker was started; those of this command if a program embeds it. */
    private static Config config(RunningBroker broker, Config own) throws IOException, ParseException {
        Optional<List<String>> arguments = broker.arguments();
        if (arguments.isEmpty()) {
            return own;
        }
        Given given = Given.to(new StartCommand(), arguments.get());
        Properties system = broker.systemProperties();
        Path file = StartOptions.file(given, system);
        return SettingsSources.ofProcess(
                file == null ? null : broker.target("cwd").resolve(file),
                StartOptions.settings(given),
                system,
                broker.environment());
    }
}
