package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** System calls of a broker that go wrong as long as this is open. Done by strace, which needs root. */
final class Injection implements AutoCloseable {
    private final Process strace;

    private Injection(Process strace) {
        this.strace = strace;
    }

    /**
     * Returns once it works.
     *
     * @param calls names of system calls
     * @param fault as strace writes it: {@code error=EIO}, {@code delay_enter=1000000}
     * @param files the calls go wrong on these only; none for all calls
     */
    static Injection into(BrokerProcess broker, String calls, String fault, List<Path> files) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(broker.pid())));
        command.addAll(List.of("-o", "/dev/null", "-e", "trace=" + calls, "-e", "inject=" + calls + ":" + fault));
        files.forEach(file -> command.addAll(List.of("-P", file.toString())));
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = strace.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("attached")) {
                return new Injection(strace);
            }
        }
        throw new IOException("strace did not attach: " + String.join(" ", command));
    }

    @Override
    public void close() {
        strace.destroy();
        strace.onExit().join();
    }
}
