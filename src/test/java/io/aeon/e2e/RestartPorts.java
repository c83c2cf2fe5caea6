package io.aeon.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for brokers that are restarted under the same address, and ports at which nobody listens. The kernel gives a
 * port of its own choice to another test as soon as it is closed; it does not choose from these.
 */
public final class RestartPorts {
    private static final int FIRST = 15_000;
    private static final int END = 32_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private RestartPorts() {}

    /** A port of the loopback address that is free, and that no other test of this JVM gets. */
    public static int next() {
        int port = ThreadLocalRandom.current().nextInt(FIRST, END);
        while (!TAKEN.add(port) || !isFree(port)) {
            port = ThreadLocalRandom.current().nextInt(FIRST, END);
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket bound = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return bound.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
