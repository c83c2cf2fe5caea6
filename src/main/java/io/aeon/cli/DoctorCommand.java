package io.aeon.cli;

import io.aeon.config.AeonSettings;
import io.aeon.embedded.Descriptors;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** Looks at all that a broker needs of its machine, before it starts or while it runs. */
final class DoctorCommand implements Subcommand {
    private final PrintStream out;
    private final Clock clock;

    DoctorCommand(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public String words() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "Check limits, disks, clock, ports and advertised addresses, and say what to do.";
    }

    @Override
    public String more() {
        return "It takes the options of aeon start, and may be called before the broker starts or while it runs. Limits are"
                + " those of this shell. If a broker answers, the addresses that all brokers advertise are dialled from here."
                + " Exit code 1 if something does not work.";
    }

    @Override
    public Options options() {
        Options options = StartOptions.all();
        Cluster.options().getOptions().forEach(options::addOption);
        return options;
    }

    @Override
    public int run(Given given) {
        AeonSettings settings = AeonSettings.load(StartOptions.config(given, Map.of()));
        List<CheckResult> findings = findings(settings, given.text(Cluster.BOOTSTRAP));
        Listing listing = new Listing("findings", "grade", "about", "finding");
        findings.forEach(each -> listing.row(each.grade().name().toLowerCase(Locale.ROOT), each.about(), each.text()));
        Listing.print(out, given.has(Cluster.JSON), List.of(listing));
        return findings.stream().anyMatch(each -> each.grade() == CheckResult.Grade.FAILURE) ? Main.FAILED : Main.OK;
    }

    /** @param bootstrap a broker to ask for the advertised addresses, unless it is the one of this machine */
    List<CheckResult> findings(AeonSettings settings, Optional<String> bootstrap) {
        List<CheckResult> findings = new ArrayList<>(limits(settings));
        DiskCheck disks = new DiskCheck(clock);
        settings.dataDirs().forEach(directory -> findings.addAll(disks.of(directory, settings.minFreeBytes())));
        boolean runs = RunningBroker.on(settings.dataDir()).isPresent();
        findings.addAll(PortCheck.of(settings, runs));
        findings.addAll(AddressCheck.of(bootstrap.or(() -> runs ? PortCheck.address(settings) : Optional.empty())));
        return findings;
    }

    private static List<CheckResult> limits(AeonSettings settings) {
        List<String> warnings = StartWarnings.of(settings, StartWarnings.Resources.found(settings.dataDirs()));
        return warnings.isEmpty()
                ? List.of(CheckResult.ok("limits", Descriptors.described()))
                : warnings.stream()
                        .map(each -> CheckResult.warning("limits", each))
                        .toList();
    }
}
