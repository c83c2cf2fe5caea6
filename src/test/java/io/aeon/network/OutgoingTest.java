package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.protocol.ResponseEncoder;
import io.aeon.protocol.ResponseFrame;
import java.lang.ref.WeakReference;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class OutgoingTest {
    private final Outgoing outgoing = new Outgoing(null);

    @Test
    void theLastBytesOfAReplyBehindAWriteDoNotKeepTheWholeReply() {
        WeakReference<byte[]> all = moveLastBytes();

        await().until(() -> {
            System.gc();
            return all.get() == null;
        });
        assertThat(outgoing.isEmpty()).isFalse();
    }

    private WeakReference<byte[]> moveLastBytes() {
        ListGroupsResponseData groups = new ListGroupsResponseData();
        for (int i = 0; i < 100; i++) {
            groups.groups().add(new ListedGroup().setGroupId("g".repeat(30_000)));
        }
        ResponseFrame frame = new ResponseEncoder(ApiKeys.LIST_GROUPS, (short) 5, 1, groups).encode();
        byte[] all = frame.take(frame.remaining() - 1000).array();
        outgoing.move(frame, false);
        assertThat(frame.remaining()).isZero();
        return new WeakReference<>(all);
    }
}
