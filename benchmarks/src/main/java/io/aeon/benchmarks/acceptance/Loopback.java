package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Distribution;

/** All nodes on the loopback address, where no link can be cut. */
final class Loopback implements NodeNetwork {
    @Override
    public String address(int node) {
        return "127.0.0.1";
    }

    @Override
    public Distribution at(int node, Distribution distribution) {
        return distribution;
    }

    @Override
    public void cut(int node) {
        throw new UnsupportedOperationException("no link");
    }

    @Override
    public void join(int node) {
        throw new UnsupportedOperationException("no link");
    }

    @Override
    public void separate(int node) {
        throw new UnsupportedOperationException("no link");
    }

    @Override
    public void unite(int node) {
        throw new UnsupportedOperationException("no link");
    }

    @Override
    public void close() {}
}
