package io.aeon.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPortTest {
    private static final int SPARE = 20;

    @Test
    void theNextFreePortIsTakenInPlaceOfOneThatIsNotFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpPort port = open(taken.getLocalPort(), SPARE)) {
            assertThat(port.address().getAddress().isLoopbackAddress()).isTrue();
            assertThat(port.address().getPort()).isBetween(taken.getLocalPort() + 1, taken.getLocalPort() + SPARE);
        }
    }

    @Test
    void withoutASparePortOneThatIsTakenIsAnErrorAndTheRoutesAreClosed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Part part = new Part();
            Routes routes = new Routes();
            routes.uses(part);

            assertThatThrownBy(() -> open(taken.getLocalPort(), 0, routes)).isInstanceOf(BindException.class);

            assertThat(part.closed).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void anAnswerIsToldItsEndWhetherItsBodyIsSentOrNot(String method) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HttpAnswer.Body body = new HttpAnswer.Body() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(1);
            }

            @Override
            public void end() {
                ended.countDown();
            }
        };
        Routes routes = new Routes().get("/", query -> HttpAnswer.streamed("text/plain", body));
        try (HttpPort port = open(0, 0, routes)) {
            URI page = URI.create("http://127.0.0.1:" + port.address().getPort() + "/");
            HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(page)
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static final class Part implements AutoCloseable {
        private boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private static HttpPort open(int port, int spare) throws IOException {
        return open(port, spare, new Routes());
    }

    private static HttpPort open(int port, int spare, Routes routes) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return HttpPort.open(address, spare, routes, new Doorkeeper(new HostNames(List.of()), false));
    }
}
