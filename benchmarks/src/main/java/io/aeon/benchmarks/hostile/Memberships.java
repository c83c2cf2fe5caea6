package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What a broker keeps after the connection is gone: groups and their members, transactional ids, topics. */
final class Memberships {
    /** A group that {@link #one} joins. */
    static final String GROUP = "hostile-group";

    private static final int MEMBERS = 67;
    private static final int METADATA_BYTES = 100_000;
    private static final int SESSION_MILLIS = 10_000;
    private static final int REBALANCE_MILLIS = 20_000;
    private static final int CONNECTIONS = 8;
    private static final int CREATED_AT_ONCE = 100;

    /** The last version in which a member may join without an id. */
    private static final int JOIN_VERSION = 3;

    private Memberships() {}

    /** A group of 67 members with 100 KB of metadata each. It has to form. */
    static void large(Target target) throws Exception {
        String group = UUID.randomUUID().toString();
        List<Wire> members = target.hold(MEMBERS, Frames.of(ApiKeys.JOIN_GROUP, JOIN_VERSION, join(group)));
        try {
            for (Wire member : members) {
                member.reply();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the group does not form", e);
        } finally {
            Target.close(members);
        }
    }

    /** Joins {@link #GROUP} with 100 KB of metadata. */
    static void one(Target target) throws IOException {
        target.ask(Frames.of(ApiKeys.JOIN_GROUP, JOIN_VERSION, join(GROUP)));
    }

    /** New groups without end. */
    static void groups(Target target) throws Exception {
        create(target, () -> {
            JoinGroupRequestData join = join(UUID.randomUUID().toString());
            join.protocols().iterator().next().setMetadata(new byte[10]);
            return Frames.of(ApiKeys.JOIN_GROUP, JOIN_VERSION, join);
        });
    }

    /** New transactional ids without end. */
    static void transactionalIds(Target target) throws Exception {
        createTransactionTopic(target);
        create(target, () -> {
            ApiMessage request = new InitProducerIdRequestData()
                    .setTransactionalId(UUID.randomUUID().toString())
                    .setTransactionTimeoutMs(60_000);
            return Frames.of(ApiKeys.INIT_PRODUCER_ID, 1, request);
        });
    }

    /** Without its topic, which the first search for a coordinator creates, no transactional id is. */
    static void createTransactionTopic(Target target) throws IOException {
        ApiMessage request =
                new FindCoordinatorRequestData().setKeyType((byte) 1).setKey("anybody");
        target.ask(Frames.of(ApiKeys.FIND_COORDINATOR, 1, request));
    }

    /** New topics without end, each created by a question about it. */
    static void topics(Target target) throws Exception {
        create(target, () -> {
            MetadataRequestTopic topic =
                    new MetadataRequestTopic().setName(UUID.randomUUID().toString());
            ApiMessage request =
                    new MetadataRequestData().setTopics(List.of(topic)).setAllowAutoTopicCreation(true);
            return Frames.of(ApiKeys.METADATA, 4, request);
        });
    }

    private interface Creation {
        ByteBuffer frame();
    }

    private static void create(Target target, Creation creation) throws Exception {
        target.together(CONNECTIONS, connection -> {
            try (Wire wire = target.connect()) {
                for (int i = 0; i < CREATED_AT_ONCE; i++) {
                    wire.send(creation.frame());
                    wire.reply();
                }
            }
        });
    }

    private static JoinGroupRequestData join(String group) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[METADATA_BYTES]));
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(SESSION_MILLIS)
                .setRebalanceTimeoutMs(REBALANCE_MILLIS)
                .setProtocolType("consumer")
                .setProtocols(protocols);
    }
}
