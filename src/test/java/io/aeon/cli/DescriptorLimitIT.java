package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker in a process of its own that may have 600 file descriptors. */
@Timeout(180)
class DescriptorLimitIT {
    private static final Pattern READY = Pattern.compile("Aeon \\S+ ready on 127\\.0\\.0\\.1:(\\d+) in \\d+ ms");
    private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1};

    @TempDir
    private Path dir;

    private Process broker;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        broker = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 600 && exec \"$0\" \"$@\"",
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "start",
                        "--data",
                        dir.resolve("data").toString(),
                        "--port",
                        "0")
                .redirectError(dir.resolve("log").toFile())
                .start();
        BufferedReader output = broker.inputReader();
        Matcher ready = READY.matcher(PatientWaits.done(CompletableFuture.supplyAsync(() -> line(output))));
        assertThat(ready.matches()).isTrue();
        port = Integer.parseInt(ready.group(1));
    }

    @AfterEach
    void stop() throws InterruptedException {
        broker.destroy();
        broker.waitFor();
    }

    @Test
    void connectionsLeaveDescriptorsAndAreAcceptedAgainWhenOthersHaveClosed() throws IOException {
        List<Socket> clients = new ArrayList<>();
        int served = 0;
        for (int i = 0; i < 600; i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
            clients.add(client);
            served += isServed(client) ? 1 : 0;
        }
        assertThat(served).isBetween(300, 600 - 128);
        for (Socket client : clients) {
            client.close();
        }

        await().until(() -> {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return isServed(client);
            }
        });
        await().until(() -> log().contains("file descriptors"));
        assertThat(log()).contains(" Refused ").doesNotContain(" ERROR ");
    }

    private String log() throws IOException {
        return Files.readString(dir.resolve("log"));
    }

    private static boolean isServed(Socket client) {
        try {
            client.setSoTimeout((int) PatientWaits.LIMIT.toMillis());
            client.getOutputStream().write(API_VERSIONS);
            return client.getInputStream().read() >= 0;
        } catch (IOException reset) {
            return false;
        }
    }

    private static String line(BufferedReader output) {
        try {
            return String.valueOf(output.readLine());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
