package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.PatientWaits;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What commands say of an address at which no broker listens. */
class NoBrokerTest {
    private static final PrintStream OUT = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    private static Stream<Subcommand> commands() {
        return Stream.of(
                new TopicsCommand(OUT, OUT),
                new GroupsCommand(OUT),
                new RecordsCommand(OUT),
                new TransactionsCommand(OUT, OUT, Clock.systemUTC()),
                new SettingsCommand(OUT));
    }

    private static void run(Subcommand command, int port) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap", "127.0.0.1:" + port));
        if (command instanceof RecordsCommand) {
            arguments.add("orders");
        }
        command.run(Given.to(command, arguments));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anotherProtocolIsNamed(Subcommand command) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = answer(server, "HTTP/1.1 400 Bad Request\r\n\r\n");

            assertThatThrownBy(() -> run(command, server.getLocalPort()))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("the brokers at 127.0.0.1:" + server.getLocalPort() + " do not answer: what listens"
                            + " there speaks another protocol than Kafka's, HTTP or TLS for example");
            PatientWaits.done(answered);
        }
    }

    @Test
    void aListenerThatClosesTheConnectionIsNamed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = answer(server, "");

            assertThatThrownBy(() -> run(new TopicsCommand(OUT, OUT), server.getLocalPort()))
                    .isInstanceOf(CommandException.class)
                    .hasMessageEndingWith("do not answer: the connection was closed without an answer; a listener with"
                            + " TLS or authentication does that");
            PatientWaits.done(answered);
        }
    }

    private static CompletableFuture<Void> answer(ServerSocket server, String text) {
        return CompletableFuture.runAsync(() -> {
            try (Socket client = server.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                in.readFully(new byte[in.readInt()]);
                client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aPortThatNobodyListensAtIsNamed() throws Exception {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        int port = server.getLocalPort();
        server.close();

        assertThatThrownBy(() -> run(new TopicsCommand(OUT, OUT), port))
                .isInstanceOf(CommandException.class)
                .hasMessage("the brokers at 127.0.0.1:" + port + " do not answer: Connection refused");
    }
}
