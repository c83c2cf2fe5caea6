package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.InNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Each node in a network namespace of its own, with a link to a bridge on which this machine is, too. Packets over a
 * link that is cut are lost: nobody gets a reset or a refusal. Needs root and iproute2.
 */
final class Namespaces implements NodeNetwork {
    /** A hardware address that no node has. */
    private static final String NOBODY = "02:00:00:00:00:01";

    private static final int MACHINE = 254;

    /** With a number behind it the name of an interface, which has at most 15 characters. */
    private final String prefix = "aeon" + ProcessHandle.current().pid() + "-";

    private final String subnet = "10.199." + ProcessHandle.current().pid() % 256 + ".";
    private final String bridge = prefix + "b";
    private final Thread remover = new Thread(this::remove);
    private final int nodes;
    private int made;

    Namespaces(int nodes) throws IOException {
        this.nodes = nodes;
        Runtime.getRuntime().addShutdownHook(remover);
        ip("link add " + bridge + " type bridge");
        ip("addr add " + subnet + MACHINE + "/24 dev " + bridge);
        ip("link set " + bridge + " up");
        for (; made < nodes; made++) {
            add(made);
        }
    }

    private void add(int node) throws IOException {
        String name = name(node);
        ip("netns add " + name);
        ip("link add " + name + " type veth peer name eth0 netns " + name);
        ip("link set " + name + " master " + bridge + " up");
        ip("-n " + name + " addr add " + address(node) + "/24 dev eth0");
        ip("-n " + name + " link set eth0 up");
        ip("-n " + name + " link set lo up");
    }

    private static void ip(String arguments) throws IOException {
        Commands.run(("ip " + arguments).split(" "));
    }

    /** Of the namespace, and of the bridge's end of its link. */
    private String name(int node) {
        return prefix + (node + 1);
    }

    @Override
    public String address(int node) {
        return subnet + (node + 1);
    }

    @Override
    public Distribution at(int node, Distribution distribution) {
        return new InNamespace(distribution, name(node));
    }

    @Override
    public void cut(int node) throws IOException {
        ip("link set " + name(node) + " down");
    }

    @Override
    public void join(int node) throws IOException {
        ip("link set " + name(node) + " up");
    }

    @Override
    public void separate(int node) throws IOException {
        for (int other = 0; other < nodes; other++) {
            if (other != node) {
                ip("-n " + name(node) + " neigh replace " + address(other) + " lladdr " + NOBODY
                        + " dev eth0 nud permanent");
                ip("-n " + name(other) + " neigh replace " + address(node) + " lladdr " + NOBODY
                        + " dev eth0 nud permanent");
            }
        }
    }

    @Override
    public void unite(int node) throws IOException {
        for (int other = 0; other < nodes; other++) {
            if (other != node) {
                ip("-n " + name(node) + " neigh del " + address(other) + " dev eth0");
                ip("-n " + name(other) + " neigh del " + address(node) + " dev eth0");
            }
        }
    }

    private void remove() {
        try {
            for (; made > 0; made--) {
                ip("netns del " + name(made - 1));
            }
            ip("link del " + bridge);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(remover);
    }
}
