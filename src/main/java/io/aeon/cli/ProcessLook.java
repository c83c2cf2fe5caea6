package io.aeon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the process of a broker shows from outside: its threads, its memory, the end of its log. */
final class ProcessLook {
    private static final int LAST_BYTES = 500 << 10;
    private static final List<String> MEMORY_FILES = List.of("status", "smaps_rollup", "limits");

    private final RunningBroker broker;

    ProcessLook(RunningBroker broker) {
        this.broker = broker;
    }

    /** The stack of each thread, by jcmd of the broker's JDK. */
    String threads() throws IOException {
        return jcmd("Thread.print", "-l");
    }

    /** The heap by jcmd, and what the kernel tells of the memory. */
    String memory() throws IOException {
        StringBuilder memory = new StringBuilder();
        try {
            memory.append(jcmd("GC.heap_info"));
        } catch (IOException e) {
            memory.append(e.getMessage()).append('\n');
        }
        for (String file : MEMORY_FILES) {
            memory.append('\n').append(file).append(":\n").append(broker.read(file));
        }
        return memory.toString();
    }

    /**
     * The last lines that the broker wrote to stderr, if that is a file or the journal of systemd.
     *
     * @throws IOException it is neither, so that only its reader has them
     */
    String log() throws IOException {
        Path stderr = broker.target("fd/2");
        if (Files.isRegularFile(stderr)) {
            return end(stderr);
        }
        if (stderr.toString().startsWith("socket:")) {
            return output(List.of("journalctl", "_PID=" + broker.pid(), "-n", "2000", "--no-pager", "-o", "short-iso"));
        }
        throw new IOException("the broker logs to " + stderr + ", whose reader has the lines");
    }

    private static String end(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - LAST_BYTES));
            return new String(in.readNBytes(LAST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private String jcmd(String... command) throws IOException {
        Path java = ProcessHandle.of(broker.pid())
                .flatMap(process -> process.info().command())
                .map(Path::of)
                .orElseThrow(() -> new IOException("the program of process " + broker.pid() + " cannot be seen"));
        Path jcmd = java.resolveSibling("jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new IOException("there is no " + jcmd + ": the broker runs on a JRE, not on a JDK");
        }
        List<String> call = new ArrayList<>(List.of(jcmd.toString(), Long.toString(broker.pid())));
        call.addAll(List.of(command));
        return output(call);
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
