package io.aeon.cli;

import com.sun.management.OperatingSystemMXBean;
import io.aeon.config.AeonSettings;
import io.aeon.config.ConsoleSettings;
import io.aeon.config.ListenerSettings;
import io.aeon.embedded.Descriptors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a start finds that will hurt later, each with what to do about it. */
final class StartWarnings {
    private static final long MIB = 1 << 20;
    private static final int FEW_DESCRIPTORS = 4096;
    private static final int USUAL_MAPS = 65_530;
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final Set<String> OF_THE_NETWORK = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p");

    private StartWarnings() {}

    /**
     * The resources of the machine and of this process.
     *
     * @param memory bytes of memory of the machine or of its container; 0 if unknown
     * @param heap maximum bytes of heap
     * @param descriptors limit for file descriptors
     * @param maps the kernel's limit for memory maps of a process
     * @param fileSystems the kind of file system of each data directory
     */
    record Resources(long memory, long heap, int descriptors, int maps, Map<Path, String> fileSystems) {
        /** The resources of this machine and process. */
        static Resources found(List<Path> dataDirs) {
            return new Resources(
                    machineMemory(),
                    Runtime.getRuntime().maxMemory(),
                    Descriptors.descriptors(),
                    Descriptors.maps(),
                    kinds(dataDirs));
        }

        private static long machineMemory() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                    ? machine.getTotalMemorySize()
                    : 0;
        }

        private static Map<Path, String> kinds(List<Path> directories) {
            Map<Path, String> kinds = new LinkedHashMap<>();
            for (Path directory : directories) {
                try {
                    kinds.put(directory, Files.getFileStore(directory).type());
                } catch (IOException e) {
                    kinds.put(directory, "an unknown file system");
                }
            }
            return kinds;
        }
    }

    /** One line for each problem. */
    static List<String> of(AeonSettings settings, Resources found) {
        List<String> warnings = new ArrayList<>();
        ofMachine(found, warnings);
        found.fileSystems().forEach((directory, kind) -> ofFileSystem(directory, kind, warnings));
        settings.listeners().values().forEach(listener -> ofListener(listener, warnings));
        ofConsole(settings.console(), warnings);
        return warnings;
    }

    private static void ofMachine(Resources found, List<String> warnings) {
        if (found.memory() > 0 && found.heap() > found.memory() / 4 * 3) {
            warnings.add("The heap may take more than three quarters of the memory, which leaves too little for the"
                    + " page cache and for the JVM itself: set a smaller one (AEON_JVM_OPTS=-Xmx"
                    + found.memory() / 2 / MIB + "m)");
        }
        if (found.descriptors() < FEW_DESCRIPTORS) {
            warnings.add("Half of the " + found.descriptors()
                    + " file descriptors are for connections, and further clients are not let in: raise the limit"
                    + " (ulimit -n, LimitNOFILE of systemd)");
        }
        if (found.maps() < USUAL_MAPS) {
            warnings.add("vm.max_map_count is " + found.maps() + ", less than the kernel's default of " + USUAL_MAPS
                    + ", so that few segments can be open: raise it (sysctl -w vm.max_map_count=" + USUAL_MAPS + ")");
        }
    }

    private static void ofFileSystem(Path directory, String kind, List<String> warnings) {
        String type = kind.toLowerCase(Locale.ROOT);
        if (IN_MEMORY.contains(type)) {
            warnings.add("The data directory " + directory + " is in memory (" + kind
                    + "), and its records are gone when the machine stops: set aeon.data-dir to a directory on a disk");
        } else if (OF_THE_NETWORK.contains(type)) {
            warnings.add("The data directory " + directory + " is on a network file system (" + kind
                    + "), on which neither an fsync nor the lock of the directory is sure to hold: set aeon.data-dir to"
                    + " a directory on a disk of this machine");
        }
    }

    private static void ofListener(ListenerSettings listener, List<String> warnings) {
        String path = "aeon.listeners." + listener.name() + ".";
        if (isLoopback(listener.host())) {
            return;
        }
        warnings.add("Listener " + listener.name() + " lets in everybody who reaches " + listener.host() + ":"
                + listener.port()
                + ", because there is no authentication yet: keep others away with a firewall, or set "
                + path + "host = 127.0.0.1");
        if (isLoopback(listener.advertisedHost())) {
            warnings.add("Listener " + listener.name() + " tells its clients to connect to "
                    + listener.advertisedHost() + ", where those on other machines do not find this broker: set " + path
                    + "advertised-host to a name of this machine, or leave it empty");
        }
    }

    private static void ofConsole(ConsoleSettings console, List<String> warnings) {
        if (!console.isOff() && !isLoopback(console.host())) {
            warnings.add("The console lets in everybody who reaches " + console.host() + ":" + console.port()
                    + (console.write() ? ", also to change and delete" : "")
                    + ", because there is no authentication yet: keep others away with a firewall, or set"
                    + " aeon.console.host = 127.0.0.1");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }
}
