package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Distribution;
import java.io.IOException;

/** Where the nodes of a cluster run; nodes are counted from 0. */
interface NodeNetwork extends AutoCloseable {
    /** The address that the listeners of this node bind. */
    String address(int node);

    /** What starts this node there. */
    Distribution at(int node, Distribution distribution);

    /** From now on nothing reaches this node and nothing leaves it. */
    void cut(int node) throws IOException;

    /** Ends {@link #cut}. */
    void join(int node) throws IOException;

    /** From now on this node and the others do not reach each other; clients reach all of them. */
    void separate(int node) throws IOException;

    /** Ends {@link #separate}. */
    void unite(int node) throws IOException;

    /** The nodes must have ended. */
    @Override
    void close();
}
