package io.aeon.benchmarks.micro;

import io.aeon.api.SliceRecords;
import io.aeon.protocol.ResponseEncoder;
import io.aeon.protocol.ResponseFrame;
import io.aeon.storage.file.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** From a response to the arrays that are written; a fetch's records come from the heap. */
public class EncodingBenchmark extends Leaf {
    private static final int PIECE = 128 << 10;

    private final ApiMessage produced = produced();
    private final ApiMessage fetched16KiB = fetched(16 << 10);
    private final ApiMessage fetched1MiB = fetched(1 << 20);

    @Benchmark
    public void produce(Blackhole sink) {
        encode(ApiKeys.PRODUCE, produced, sink);
    }

    @Benchmark
    public void fetch16KiB(Blackhole sink) {
        encode(ApiKeys.FETCH, fetched16KiB, sink);
    }

    @Benchmark
    public void fetch1MiB(Blackhole sink) {
        encode(ApiKeys.FETCH, fetched1MiB, sink);
    }

    private static void encode(ApiKeys api, ApiMessage body, Blackhole sink) {
        ResponseFrame frame = new ResponseEncoder(api, api.latestVersion(), 1, body).encode();
        while (frame.remaining() > 0) {
            sink.consume(frame.take(PIECE));
        }
    }

    private static ApiMessage produced() {
        ProduceResponseData response = new ProduceResponseData();
        response.responses()
                .mustAdd(new ProduceResponseData.TopicProduceResponse()
                        .setTopicId(Samples.TOPIC_ID)
                        .setPartitionResponses(
                                List.of(new ProduceResponseData.PartitionProduceResponse().setBaseOffset(1_000_000))));
        return response;
    }

    private static ApiMessage fetched(int bytes) {
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopicId(Samples.TOPIC_ID)
                        .setPartitions(List.of(new FetchResponseData.PartitionData()
                                .setHighWatermark(1_000_000)
                                .setRecords(new SliceRecords(new OnHeap(new byte[bytes])))))));
    }

    private record OnHeap(byte[] bytes) implements LogSlice {
        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public boolean hot() {
            return true;
        }

        @Override
        public void copyTo(int from, int length, byte[] target, int position) {
            System.arraycopy(bytes, from, target, position, length);
        }

        @Override
        public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
            return target.write(ByteBuffer.wrap(bytes, from, length));
        }

        @Override
        public void close() {}
    }
}
