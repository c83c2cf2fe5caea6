package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseEncoderTest {
    private static final int CORRELATION_ID = 42;

    static Stream<ApiKeys> apis() {
        return Stream.of(ApiKeys.values()).filter(ApiKeys::hasValidVersion);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyResponseIsEncodedAsKafkaClientsDoes(ApiKeys api) {
        long seed = new Random().nextLong();
        WireSamples samples = new WireSamples(seed);
        for (short version : api.allVersions()) {
            for (int i = 0; i < 20; i++) {
                ByteBuffer body = samples.message(api.messageType.responseSchemas()[version]);
                ApiMessage response = api.messageType.newResponse();
                response.read(new ByteBufferAccessor(body.duplicate()), version);

                assertThat(bytes(new ResponseEncoder(api, version, CORRELATION_ID, response).encode(), 1 + i * 7))
                        .describedAs("%s version %d, seed %d", api, version, seed)
                        .isEqualTo(kafkas(api, version, response));
            }
        }
    }

    @Test
    void deferredRecordsStandWhereTheirBytesWouldStand() {
        for (short version : ApiKeys.FETCH.allVersions()) {
            byte[] records = {1, 2, 3, 4, 5};
            DeferredRecords deferred = new InLog(records);
            FetchResponseData inMemory = fetched(
                    version, new PartitionData().setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(records))));
            FetchResponseData inLog = fetched(version, new PartitionData().setRecords(deferred));

            for (int most = 1; most < 200; most++) {
                assertThat(bytes(new ResponseEncoder(ApiKeys.FETCH, version, CORRELATION_ID, inLog).encode(), most))
                        .isEqualTo(kafkas(ApiKeys.FETCH, version, inMemory));
            }
        }
    }

    @Test
    void theSizeIsKnownBeforeTheBytesAreMadeAndWithoutTheRecordsInTheLog() {
        FetchResponseData body = fetched((short) 12, new PartitionData().setRecords(new InLog(new byte[5])));
        ResponseEncoder response = new ResponseEncoder(ApiKeys.FETCH, (short) 12, CORRELATION_ID, body);

        ResponseFrame frame = response.encode();

        assertThat(response.fixedBytes()).isEqualTo(frame.fixedBytes()).isEqualTo(frame.remaining() - 5);
    }

    @Test
    void anUnknownApiVersionsVersionIsAnsweredInVersionZero() {
        ApiMessage body = ApiKeys.API_VERSIONS.messageType.newResponse();

        assertThat(bytes(new ResponseEncoder(ApiKeys.API_VERSIONS, (short) 99, CORRELATION_ID, body).encode(), 1000))
                .isEqualTo(kafkas(ApiKeys.API_VERSIONS, (short) 0, body));
    }

    private static FetchResponseData fetched(short version, PartitionData partition) {
        FetchableTopicResponse topic = new FetchableTopicResponse();
        topic.partitions().add(partition);
        topic.partitions().add(new PartitionData().setPartitionIndex(1).setRecords(MemoryRecords.EMPTY));
        if (version < 13) {
            topic.setTopic("topic");
        } else {
            topic.setTopicId(Uuid.ONE_UUID);
        }
        FetchResponseData response = new FetchResponseData();
        response.responses().add(topic);
        return response;
    }

    private static byte[] bytes(ResponseFrame frame, int most) {
        ByteBuffer all = ByteBuffer.allocate(frame.remaining());
        while (frame.remaining() > 0) {
            int before = frame.remaining();
            ByteBuffer piece = frame.take(most);
            assertThat(piece.remaining()).isEqualTo(Math.min(most, before));
            all.put(piece);
        }
        return all.array();
    }

    private static byte[] kafkas(ApiKeys api, short version, ApiMessage body) {
        ByteBuffer header = MessageUtil.toByteBufferAccessor(
                        new ResponseHeaderData().setCorrelationId(CORRELATION_ID), api.responseHeaderVersion(version))
                .buffer();
        ByteBuffer bytes = MessageUtil.toByteBufferAccessor(body, version).buffer();
        int size = header.remaining() + bytes.remaining();
        return ByteBuffer.allocate(Integer.BYTES + size)
                .putInt(size)
                .put(header)
                .put(bytes)
                .array();
    }

    private static final class InLog implements DeferredRecords {
        private final byte[] bytes;

        InLog(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int sizeInBytes() {
            return bytes.length;
        }

        @Override
        public void copyTo(int from, int length, byte[] target, int position) {
            System.arraycopy(bytes, from, target, position, length);
        }

        @Override
        public int transferTo(int from, int length, WritableByteChannel socket) throws IOException {
            return socket.write(ByteBuffer.wrap(bytes, from, length));
        }
    }
}
