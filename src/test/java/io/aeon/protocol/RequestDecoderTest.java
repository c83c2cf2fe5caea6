package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestDecoderTest {
    private static final RequestDecoder decoder =
            new RequestDecoder((api, version) -> api.hasValidVersion() && api.isVersionSupported(version), 1L << 30);

    static Stream<ApiKeys> apis() {
        return Stream.of(ApiKeys.values()).filter(ApiKeys::hasValidVersion);
    }

    static Stream<ApiKeys> keyedApis() {
        return apis().filter(api -> isKeyed(api));
    }

    private static boolean isKeyed(ApiKeys api) {
        return Stream.of(api.messageType.newRequest().getClass().getDeclaredClasses())
                .anyMatch(ImplicitLinkedHashCollection.class::isAssignableFrom);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyVersionIsDecodedToWhatWasSent(ApiKeys api) {
        long seed = new Random().nextLong();
        WireSamples samples = new WireSamples(seed);
        for (short version : api.allVersions()) {
            for (int i = 0; i < 20; i++) {
                ByteBuffer body = samples.message(api.messageType.requestSchemas()[version]);

                Request request = decoder.scan(frame(api, version, body)).decode();

                assertThat(request.api()).isEqualTo(api);
                assertThat(request.version()).isEqualTo(version);
                assertThat(request.correlationId()).isEqualTo(42);
                assertThat(request.clientId()).isEqualTo("me");
                ApiMessage sent = api.messageType.newRequest();
                sent.read(new ByteBufferAccessor(body), version);
                assertThat(request.body())
                        .describedAs("%s version %d, seed %d", api, version, seed)
                        .isEqualTo(sent);
                assertThat(body.hasRemaining()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void theScanCoversExactlyTheBody(ApiKeys api) {
        long seed = new Random().nextLong();
        WireSamples samples = new WireSamples(seed);
        for (short version : api.allVersions()) {
            ByteBuffer body = samples.message(api.messageType.requestSchemas()[version]);

            RequestShape.of(api, version).body().skip(body, new RequestScan(Long.MAX_VALUE));

            assertThat(body.remaining())
                    .describedAs("%s version %d, seed %d", api, version, seed)
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void bytesThatAreNoRequestAreRefusedAndNothingElseIsThrown(ApiKeys api) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        WireSamples samples = new WireSamples(seed);
        for (short version : api.allVersions()) {
            byte[] frame = frame(api, version, samples.message(api.messageType.requestSchemas()[version]));
            for (int i = 0; i < 50; i++) {
                byte[] damaged =
                        i % 2 == 0 ? java.util.Arrays.copyOf(frame, random.nextInt(frame.length)) : frame.clone();
                for (int j = 0; j < 3 && damaged.length > 4; j++) {
                    damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
                }
                assertThatCode(() -> decodeOrRefuse(damaged))
                        .describedAs("%s version %d, seed %d", api, version, seed)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static void decodeOrRefuse(byte[] frame) {
        try {
            decoder.scan(frame).decode();
        } catch (MalformedRequestException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void unknownKeysAndVersionsAreRefused() {
        for (short key : new short[] {-1, 4, 5, 6, 7, 95, 127, Short.MAX_VALUE}) {
            assertThatThrownBy(() -> decoder.scan(new byte[] {(byte) (key >> 8), (byte) key, 0, 0, 0, 0, 0, 1, -1, -1})
                            .decode())
                    .isInstanceOf(MalformedRequestException.class);
        }
        assertThatThrownBy(() -> decoder.scan(frame(ApiKeys.PRODUCE, (short) 2, ByteBuffer.allocate(9)))
                        .decode())
                .hasMessage("Produce version 2 is not supported");
    }

    @Test
    void anUnknownApiVersionsVersionIsLeftToItsHandler() {
        Request request = decoder.scan(frame(ApiKeys.API_VERSIONS, (short) 99, ByteBuffer.allocate(3)))
                .decode();

        assertThat(request.version()).isEqualTo((short) 99);
        assertThat(request.body()).isEqualTo(new ApiVersionsRequestData());
    }

    @Test
    void bytesAfterTheRequestAreIgnoredAsInKafka() {
        byte[] frame = frame(ApiKeys.API_VERSIONS, (short) 0, ByteBuffer.allocate(5));

        assertThat(decoder.scan(frame).decode().body()).isEqualTo(new ApiVersionsRequestData());
    }

    @Test
    void keyFieldsComeFirstInEveryElementOfAKeyedCollection() throws ReflectiveOperationException {
        for (ApiKeys api : apis().toList()) {
            Class<?> message = api.messageType.newRequest().getClass();
            for (Class<?> collection : message.getDeclaredClasses()) {
                if (collection.getSimpleName().endsWith("Collection")) {
                    assertKeysComeFirst(collection);
                }
            }
        }
    }

    private static void assertKeysComeFirst(Class<?> collection) throws ReflectiveOperationException {
        Class<?> element = Class.forName(collection.getName().replaceAll("Collection$", ""));
        var keys = RequestShape.keys(element, collection);
        var equal = element.getMethod("elementKeysAreEqual", Object.class);
        for (var field : element.getDeclaredFields()) {
            Object one = element.getConstructor().newInstance();
            Object other = element.getConstructor().newInstance();
            field.setAccessible(true);
            if (field.getType() == String.class) {
                field.set(other, "different");
            } else if (field.getType() == int.class && !List.of("next", "prev").contains(field.getName())) {
                field.set(other, 77);
            } else if (field.getType() == byte.class) {
                field.set(other, (byte) 77);
            } else if (field.getType() == Uuid.class) {
                field.set(other, Uuid.ONE_UUID);
            } else {
                assertThat(keys).doesNotContain(field);
                continue;
            }
            assertThat(equal.invoke(one, other)).describedAs("%s", field).isEqualTo(!keys.contains(field));
        }
    }

    @ParameterizedTest
    @MethodSource("keyedApis")
    void equalKeysDoNotDelayTheBroker(ApiKeys api) {
        for (short version : new short[] {api.oldestVersion(), api.latestVersion()}) {
            for (int count : new int[] {100, 400, 1000, 100_000}) {
                ByteBuffer body = new WireSamples(1)
                        .equalElements(count)
                        .message(api.messageType.requestSchemas()[version]);
                byte[] frame = frame(api, version, body);

                assertThat(cheapestMillis(() -> {
                            decodeOrRefuse(frame);
                            return frame;
                        }))
                        .describedAs("CPU ms for %d equal entries in %s version %d", count, api, version)
                        .isLessThan(500);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void theHeapOfADecodedRequestIsKnownBeforeItIsDecoded(ApiKeys api) {
        for (short version : new short[] {api.oldestVersion(), api.latestVersion()}) {
            for (int count : new int[] {0, 1, 10, 40}) {
                ByteBuffer body = new WireSamples(count)
                        .equalElements(count)
                        .message(api.messageType.requestSchemas()[version]);

                assertHeapIsKnown(frame(api, version, body), "%d elements in %s version %d", count, api, version);
            }
        }
    }

    @Test
    void theHeapOfTagsThatNobodyKnowsIsKnownToo() {
        for (int count : new int[] {1, 1000, 9000}) {
            ByteBuffer body = ByteBuffer.allocate(20 + 3 * count).put((byte) 0).putShort((short) 1);
            body.putInt(1000).put((byte) 1);
            ByteUtils.writeUnsignedVarint(count, body);
            for (int i = 0; i < count; i++) {
                body.put((byte) 100).put((byte) 1).put((byte) 7);
            }

            assertHeapIsKnown(frame(ApiKeys.PRODUCE, (short) 9, body.flip()), "%d tags", count);
        }
    }

    @Test
    void aTagSectionThatLeadsBackIsRefused() {
        for (int size : new int[] {-6, Integer.MIN_VALUE, 100}) {
            ByteBuffer body = ByteBuffer.allocate(20).put(new byte[] {1, 1, 1, 100});
            ByteUtils.writeUnsignedVarint(size, body);

            assertRefused(ApiKeys.LIST_GROUPS, body.flip(), "a tagged field claims " + size + " bytes");
        }
    }

    /** Each topic ends with a tag that leads back to the begin of the topic, so that all have the same bytes. */
    @Test
    void manyTopicsCannotConsistOfTheSameBytes() {
        int nameBytes = 20_000;
        ByteBuffer body = ByteBuffer.allocate(nameBytes + 100_000);
        ByteUtils.writeUnsignedVarint(80_000 + 1, body);
        int begin = body.position();
        ByteUtils.writeUnsignedVarint(nameBytes + 1, body);
        body.put("a".repeat(nameBytes).getBytes(StandardCharsets.US_ASCII));
        body.putInt(1)
                .putShort((short) 1)
                .put((byte) 1)
                .put((byte) 1)
                .put((byte) 1)
                .put((byte) 100);
        int topicBytes = body.position() + 5 - begin;
        ByteUtils.writeUnsignedVarint(-topicBytes, body);

        assertRefused(
                ApiKeys.CREATE_TOPICS, body.position(body.capacity()).flip(), "a tagged field claims -" + topicBytes);
    }

    private static void assertRefused(ApiKeys api, ByteBuffer body, String reason) {
        assertThatThrownBy(() -> decoder.scan(frame(api, api.latestVersion(), body)))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void anOrdinaryProduceTakesLittleMoreThanItsFrame() {
        ProduceRequestData produce = new ProduceRequestData();
        TopicProduceData topic = new TopicProduceData().setName("topic");
        topic.partitionData()
                .add(new PartitionProduceData()
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(1 << 20))));
        produce.topicData().add(topic);
        short byName = 12;
        byte[] frame = frame(
                ApiKeys.PRODUCE,
                byName,
                MessageUtil.toByteBufferAccessor(produce, byName).buffer());

        assertThat(decoder.scan(frame).heapBytes()).isLessThan(4096);
    }

    private static void assertHeapIsKnown(byte[] frame, String what, Object... arguments) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ScannedRequest request;
        try {
            request = decoder.scan(frame);
        } catch (MalformedRequestException tooExpensive) {
            return;
        }
        request.decode();
        request = decoder.scan(frame);
        long before = threads.getCurrentThreadAllocatedBytes();
        Request decoded = request.decode();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(decoded.body()).isNotNull();
        assertThat(request.heapBytes()).describedAs(what, arguments).isGreaterThanOrEqualTo(allocated - 1024);
    }

    @Test
    void manyDifferentNamesAreDecoded() {
        CreateTopicsRequestData topics = new CreateTopicsRequestData();
        ProduceRequestData produce = new ProduceRequestData();
        for (int i = 0; i < 10_000; i++) {
            topics.topics().add(new CreatableTopic().setName("topic-" + i));
            produce.topicData().add(new TopicProduceData().setName(String.format("t-%05d", i)));
        }
        CreateTopicsRequestData partitions = new CreateTopicsRequestData();
        CreatableTopic assigned = new CreatableTopic().setName("assigned");
        IntStream.range(0, 4000)
                .forEach(i -> assigned.assignments()
                        .add(new CreatableReplicaAssignment()
                                .setPartitionIndex(i)
                                .setBrokerIds(List.of(1))));
        partitions.topics().add(assigned);

        assertDecoded(ApiKeys.CREATE_TOPICS, topics);
        assertDecoded(ApiKeys.CREATE_TOPICS, partitions);
        short byName = 12;
        assertThat(decoder.scan(frame(
                                ApiKeys.PRODUCE,
                                byName,
                                MessageUtil.toByteBufferAccessor(produce, byName)
                                        .buffer()))
                        .decode()
                        .body())
                .isEqualTo(produce);
    }

    @Test
    void namesWithTheSameHashAreAsBadAsEqualOnes() {
        List<String> names = new ArrayList<>(List.of("Aa", "BB"));
        for (int i = 0; i < 11; i++) {
            names = names.stream()
                    .flatMap(name -> Stream.of(name + "Aa", name + "BB"))
                    .toList();
        }
        // With room for all from the start: a collection that grows moves colliding elements in cubic time.
        CreateTopicsRequestData topics =
                new CreateTopicsRequestData().setTopics(new CreatableTopicCollection(2 * names.size()));
        names.forEach(name -> topics.topics().mustAdd(new CreatableTopic().setName(name)));
        short version = ApiKeys.CREATE_TOPICS.latestVersion();
        byte[] frame = frame(
                ApiKeys.CREATE_TOPICS,
                version,
                MessageUtil.toByteBufferAccessor(topics, version).buffer());

        assertThatThrownBy(() -> decoder.scan(frame).decode()).hasMessageContaining("colliding keys");
    }

    @Test
    void keysThatCollideOnlyInTheAnswersTableAreRefused() {
        int answersTable = 24_575;
        CreatableTopicCollection topics = new CreatableTopicCollection(2 * answersTable);
        for (int i = 0; i < answersTable / 2; i++) {
            topics.mustAdd(new CreatableTopic().setName(nameWithHash(1_000_202_500 + i * answersTable)));
        }
        short version = ApiKeys.CREATE_TOPICS.latestVersion();
        byte[] frame = frame(
                ApiKeys.CREATE_TOPICS,
                version,
                MessageUtil.toByteBufferAccessor(new CreateTopicsRequestData().setTopics(topics), version)
                        .buffer());

        assertThatThrownBy(() -> decoder.scan(frame).decode()).hasMessageContaining("colliding keys");
    }

    /** A name of six characters, for hashes from 976,254,048 on. */
    private static String nameWithHash(int hash) {
        char[] name = new char[6];
        int rest = hash - "!!!!!!".hashCode();
        for (int i = name.length - 1; i >= 0; i--) {
            name[i] = (char) ('!' + rest % 31);
            rest /= 31;
        }
        assertThat(new String(name).hashCode()).isEqualTo(hash);
        return new String(name);
    }

    private static void assertDecoded(ApiKeys api, ApiMessage message) {
        short version = api.latestVersion();
        byte[] frame = frame(
                api, version, MessageUtil.toByteBufferAccessor(message, version).buffer());
        assertThat(decoder.scan(frame).decode().body()).isEqualTo(message);
    }

    private static long cheapestMillis(Supplier<byte[]> work) {
        var threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3 && best > 20_000_000; i++) {
            long start = threads.getCurrentThreadCpuTime();
            assertThat(work.get()).isNotNull();
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        return best / 1_000_000;
    }

    private static byte[] frame(ApiKeys api, short version, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(42)
                .setClientId("me");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        return ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body.duplicate())
                .array();
    }
}
