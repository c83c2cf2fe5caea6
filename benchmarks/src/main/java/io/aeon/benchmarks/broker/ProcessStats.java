package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Linux says of a process, read from /proc. */
public record ProcessStats(long pid) {
    private static final double TICKS_PER_SECOND = 100;

    /** User and system CPU seconds used so far. */
    public double cpuSeconds() throws IOException {
        String[] fields = fieldsOf("/proc/" + pid + "/stat");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Memory that is the process's own: resident, and not a mapped file. */
    public double anonymousMiB() throws IOException {
        return status("RssAnon") / 1024.0;
    }

    public int threads() throws IOException {
        return (int) status("Threads");
    }

    /** Bytes that it has had disks write, those included that are still in the page cache. */
    public long writtenBytes() throws IOException {
        return number(Path.of("/proc/" + pid + "/io"), "write_bytes");
    }

    private long status(String name) throws IOException {
        return number(Path.of("/proc/" + pid + "/status"), name);
    }

    public int openFiles() throws IOException {
        return links().size();
    }

    public int mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/maps")).size();
    }

    /** Files that are deleted but still mapped or open, once for each mapping and descriptor. */
    public List<String> deletedButHeld() throws IOException {
        List<String> held = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
            if (line.endsWith(" (deleted)")) {
                held.add("mapped: " + line.substring(line.indexOf('/')));
            }
        }
        links().stream().filter(link -> link.endsWith(" (deleted)")).forEach(link -> held.add("open: " + link));
        return held;
    }

    private List<String> links() throws IOException {
        List<String> links = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    links.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closedMeanwhile) {
                    continue;
                }
            }
        }
        return links;
    }

    /** CPU seconds of the processes that this JVM started and that have ended. */
    public static double endedChildrenCpuSeconds() throws IOException {
        String[] fields = fieldsOf("/proc/self/stat");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
    }

    public static double ownCpuSeconds() throws IOException {
        return new ProcessStats(ProcessHandle.current().pid()).cpuSeconds();
    }

    /** CPU seconds that the whole machine was busy, on all cores, without waiting for disks. */
    public static double machineCpuSeconds() throws IOException {
        String[] cpu = Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+");
        long busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
            busy += Long.parseLong(cpu[field]);
        }
        return busy / TICKS_PER_SECOND;
    }

    /** Memory of the machine that nobody uses, not for the page cache either. */
    public static long machineFreeBytes() throws IOException {
        return number(Path.of("/proc/meminfo"), "MemFree") << 10;
    }

    private static long number(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no " + name + " in " + file);
    }

    private static String[] fieldsOf(String stat) throws IOException {
        String text = Files.readString(Path.of(stat));
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }
}
