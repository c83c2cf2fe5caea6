package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/** Frames that announce more than ever comes. */
final class Announcements {
    private static final int LARGE_AT_ONCE = 40;
    private static final int LARGE_BYTES = 100 << 20;
    private static final int HALF_LARGE = 14;
    private static final int HALF_LARGE_BYTES = 320_000;
    private static final int SMALL = 2200;
    private static final int SMALL_BYTES = 2400;
    private static final int HELD_MILLIS = 5000;
    private static final int SLOW = 400;
    private static final int SLOW_BYTES = 900_000;
    private static final int SLOW_BYTES_A_SECOND = 2000;

    private Announcements() {}

    /** 14 bytes that announce a produce request of 100 MiB, from 40 connections at a time, which then close. */
    static void large(Target target) throws Exception {
        ByteBuffer bytes = head(ApiKeys.PRODUCE, 14, LARGE_BYTES);
        Target.close(target.hold(LARGE_AT_ONCE, bytes));
        BrokerProcess.pause(50);
    }

    /** A few connections announce a Metadata request of 320,000 bytes, many announce 2,400, and nothing more comes. */
    static void many(Target target) throws Exception {
        List<Wire> large = target.hold(HALF_LARGE, head(ApiKeys.METADATA, 6, HALF_LARGE_BYTES));
        List<Wire> small = target.hold(SMALL, head(ApiKeys.METADATA, 6, SMALL_BYTES));
        BrokerProcess.pause(HELD_MILLIS);
        Target.close(large);
        Target.close(small);
    }

    /** 400 connections send a produce request of 0.9 MB at 2 KB a second. */
    static void slow(Target target) throws Exception {
        List<Wire> wires = target.hold(SLOW, head(ApiKeys.PRODUCE, 14, SLOW_BYTES));
        try {
            byte[] piece = new byte[SLOW_BYTES_A_SECOND];
            for (int sent = 0; sent < SLOW_BYTES; sent += piece.length) {
                BrokerProcess.pause(1000);
                for (Wire wire : wires) {
                    wire.raw(piece);
                }
            }
        } finally {
            Target.close(wires);
        }
    }

    /** The first bytes of a frame of that announced size. */
    private static ByteBuffer head(ApiKeys api, int bytes, int announced) {
        return ByteBuffer.allocate(bytes)
                .putInt(announced)
                .putShort(api.id)
                .position(bytes)
                .flip();
    }
}
