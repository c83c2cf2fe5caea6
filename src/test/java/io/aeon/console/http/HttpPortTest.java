package io.aeon.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

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
