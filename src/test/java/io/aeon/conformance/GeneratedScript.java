package io.aeon.conformance;

import io.aeon.e2e.RequestFiller;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A plain request of one API in one version, and from it requests in which one field has an odd value. Each request
 * has a group, a transactional id and a new topic of its own.
 */
final class GeneratedScript implements Script {
    /** The APIs whose requests may change topics or settings. */
    private static final Set<ApiKeys> CHANGING = Set.of(
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.UPDATE_FEATURES,
            ApiKeys.ALTER_CLIENT_QUOTAS,
            ApiKeys.ALTER_USER_SCRAM_CREDENTIALS);

    private static final int FIRST_METADATA_THAT_CREATES_ON_REQUEST = 4;

    private final ApiKeys api;
    private final int version;

    GeneratedScript(ApiKeys api, int version) {
        this.api = api;
        this.version = version;
    }

    @Override
    public String name() {
        return api.name + "-v" + version;
    }

    @Override
    public void play(Stage stage) throws ReflectiveOperationException {
        Uuid topicId = stage.create(name(), 2);
        Line line = stage.line();
        Set<ByteBuffer> asked = new HashSet<>();
        ask(stage, line, asked, "plain", plain(topicId, 0));
        malformed(line, plain(topicId, 0));
        int fields = places(plain(topicId, 0), "").size();
        int number = 0;
        for (int i = 0; i < fields; i++) {
            Place first = places(plain(topicId, 0), "").get(i);
            for (String odd : first.odd().keySet()) {
                ApiMessage request = plain(topicId, ++number);
                Place place = places(request, "").get(i);
                place.field().set(place.owner(), place.odd().get(odd));
                ask(stage, line, asked, place.path() + " = " + odd, request);
            }
        }
    }

    private void ask(Stage stage, Line line, Set<ByteBuffer> asked, String what, ApiMessage request) {
        boolean unanswerable = request instanceof ProduceRequestData produce && produce.acks() == 0;
        if (unanswerable || disturbsOthers(what) || !RequestFiller.canBeSent(request, (short) version)) {
            return;
        }
        ByteBuffer bytes =
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
        if (asked.add(bytes)) {
            stage.forgetIds();
            ApiMessage answer = line.ask(
                    what, version, request, api.messageType.newResponse().getClass());
            if (CHANGING.contains(api)) {
                stage.settle();
            }
            if (request instanceof JoinGroupRequestData join && answer instanceof JoinGroupResponseData joined) {
                leave(line, join, joined);
            }
            if (request instanceof ConsumerGroupHeartbeatRequestData join
                    && answer instanceof ConsumerGroupHeartbeatResponseData joined) {
                leave(line, join, joined);
            }
        }
    }

    /**
     * Whether the request would delete the topic of a coordinator, create one of a name that must stay unknown, or take
     * the node out of the cluster.
     */
    private boolean disturbsOthers(String what) {
        boolean createsTopics = api == ApiKeys.METADATA && version < FIRST_METADATA_THAT_CREATES_ON_REQUEST;
        return (api == ApiKeys.DELETE_TOPICS && what.contains("__consumer_offsets"))
                || (createsTopics && what.contains("nowhere"))
                || (api == ApiKeys.UNREGISTER_BROKER && what.equals("brokerId = 1"))
                || (api == ApiKeys.UNREGISTER_CONTROLLER && what.equals("controllerId = 1"))
                || what.contains("allowAutoTopicCreation");
    }

    /** The groups of odd names are the same for all versions: none may wait for a member of another. */
    private static void leave(Line line, JoinGroupRequestData join, JoinGroupResponseData joined) {
        if (joined.errorCode() == Errors.NONE.code()) {
            line.quietly(
                    0,
                    new LeaveGroupRequestData().setGroupId(join.groupId()).setMemberId(joined.memberId()),
                    LeaveGroupResponseData.class);
        }
    }

    private static void leave(
            Line line, ConsumerGroupHeartbeatRequestData join, ConsumerGroupHeartbeatResponseData joined) {
        if (joined.errorCode() == Errors.NONE.code() && joined.memberEpoch() > 0) {
            line.quietly(
                    0,
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(join.groupId())
                            .setMemberId(joined.memberId())
                            .setMemberEpoch(-1),
                    ConsumerGroupHeartbeatResponseData.class);
        }
    }

    private void malformed(Line line, ApiMessage request) {
        ByteBuffer plain =
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
        Class<? extends ApiMessage> type = api.messageType.newResponse().getClass();
        if (plain.hasRemaining()) {
            line.ask("cut off by a byte", version, request, plain.slice(0, plain.remaining() - 1), type);
            line.ask("without a body", version, request, ByteBuffer.allocate(0), type);
        }
        ByteBuffer longer = ByteBuffer.allocate(plain.remaining() + 1)
                .put(plain.duplicate())
                .put((byte) 0);
        line.ask("with a byte too many", version, request, longer.flip(), type);
    }

    private ApiMessage plain(Uuid topicId, int number) throws ReflectiveOperationException {
        PlainValues values = new PlainValues(name(), topicId, "%s-%d".formatted(name(), number));
        ApiMessage request = new RequestFiller((short) version, values).request(api);
        if (request instanceof ConsumerGroupHeartbeatRequestData heartbeat) {
            heartbeat.setTopicPartitions(new ArrayList<>()).setMemberId(version == 0 ? "" : "member-" + number);
        }
        return request;
    }

    /** A field of a message or of a message in it. */
    private record Place(Object owner, Field field, String path) {
        private Map<String, Object> odd() throws ReflectiveOperationException {
            return OddValues.of(field, field.get(owner));
        }
    }

    private static List<Place> places(Message message, String prefix) throws ReflectiveOperationException {
        List<Place> all = new ArrayList<>();
        for (Field field : RequestFiller.fieldsOf(message)) {
            Place place = new Place(message, field, prefix + field.getName());
            all.add(place);
            Object value = field.get(message);
            List<Object> inner = new ArrayList<>();
            if (value instanceof Collection<?> collection) {
                inner.addAll(collection);
            } else {
                inner.add(value);
            }
            for (Object element : inner) {
                if (element instanceof Message part) {
                    all.addAll(places(part, place.path() + "."));
                }
            }
        }
        return all;
    }
}
