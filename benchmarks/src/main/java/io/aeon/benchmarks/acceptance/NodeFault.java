package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Home;
import java.io.IOException;

/** What happens to a node of a cluster, and is over some time later. */
enum NodeFault {
    /** kill -9. */
    KILL(true) {
        @Override
        void begin(KillableCluster cluster, int node) {
            cluster.kill(node);
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.startAgain(node);
        }
    },

    /** SIGTERM. */
    STOP(true) {
        @Override
        void begin(KillableCluster cluster, int node) throws IOException {
            cluster.stop(node);
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.startAgain(node);
        }
    },

    /** kill -9, and an empty data directory when it comes back. */
    WIPE(true) {
        @Override
        void begin(KillableCluster cluster, int node) {
            cluster.kill(node);
            Home.delete(cluster.data(node));
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.startAgain(node);
        }
    },

    /** SIGSTOP: it does nothing, but its connections stay. */
    PAUSE(false) {
        @Override
        void begin(KillableCluster cluster, int node) throws IOException {
            cluster.signal(node, "STOP");
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.signal(node, "CONT");
        }
    },

    /** Nothing reaches it or leaves it. */
    CUT(false) {
        @Override
        void begin(KillableCluster cluster, int node) throws IOException {
            cluster.network().cut(node);
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.network().join(node);
        }
    },

    /** Clients reach it, the other nodes do not. */
    SEPARATE(false) {
        @Override
        void begin(KillableCluster cluster, int node) throws IOException {
            cluster.network().separate(node);
        }

        @Override
        void end(KillableCluster cluster, int node) throws IOException {
            cluster.network().unite(node);
        }
    };

    private final boolean ended;

    NodeFault(boolean ended) {
        this.ended = ended;
    }

    abstract void begin(KillableCluster cluster, int node) throws IOException;

    abstract void end(KillableCluster cluster, int node) throws IOException;

    /** Whether the node's process ends. */
    boolean endsProcess() {
        return ended;
    }

    boolean needsLinks() {
        return this == CUT || this == SEPARATE;
    }
}
