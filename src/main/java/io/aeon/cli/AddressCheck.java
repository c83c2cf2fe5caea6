package io.aeon.cli;

import io.aeon.diagnosis.AdvertisedAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/** Whether clients on this machine reach the addresses that brokers advertise. */
final class AddressCheck {
    private static final String ADDRESSES = "advertised addresses";
    private static final int TIMEOUT_MS = 3_000;
    /** A busy broker may take a while to answer its first request. */
    private static final int ANSWER_MS = 10_000;

    private AddressCheck() {}

    /** @param bootstrap HOST:PORT of a broker to ask for the addresses; empty if none runs */
    static List<CheckResult> of(Optional<String> bootstrap) {
        if (bootstrap.isEmpty()) {
            return List.of(CheckResult.ok(
                    ADDRESSES, "no broker runs here; while one does, or with --bootstrap, they are dialled"));
        }
        String host = Utils.getHost(bootstrap.get());
        Integer port = Utils.getPort(bootstrap.get());
        if (host == null || port == null) {
            return List.of(CheckResult.failure(ADDRESSES, "--bootstrap takes HOST:PORT, not " + bootstrap.get()));
        }
        try {
            return AdvertisedAddress.toldBy(host, port, ANSWER_MS).stream()
                    .map(AddressCheck::dialled)
                    .toList();
        } catch (IOException e) {
            return List.of(CheckResult.failure(
                    ADDRESSES,
                    "the broker at " + bootstrap.get() + " does not answer: " + e.getMessage()
                            + "; see its log, or name another one with --bootstrap"));
        }
    }

    private static CheckResult dialled(AdvertisedAddress broker) {
        String tells = "broker " + broker.brokerId() + " tells clients to connect to "
                + Utils.formatAddress(broker.host(), broker.port());
        String advice =
                "; set aeon.listeners.<name>.advertised-host and advertised-port of that broker to what its clients"
                        + " can reach, or open the way to it";
        InetSocketAddress address = new InetSocketAddress(broker.host(), broker.port());
        if (address.isUnresolved()) {
            return CheckResult.failure(ADDRESSES, tells + ", and this machine does not know that name" + advice);
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MS);
            return CheckResult.ok(ADDRESSES, tells + ", which answers");
        } catch (IOException e) {
            return CheckResult.failure(ADDRESSES, tells + ", which does not answer: " + e.getMessage() + advice);
        }
    }
}
