package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Fetch requests for a {@link Wire}, without a session. */
public final class Fetch {
    private static final short VERSION = 12;
    private static final int WAIT_MILLIS = 500;
    private static final RequestHeader HEADER = new RequestHeader(ApiKeys.FETCH, VERSION, "bench", 1);

    private Fetch() {}

    /** A whole frame that asks for one partition, and may wait for records. */
    public static ByteBuffer frame(TopicPartition partition, long offset, int maxBytes) {
        var wanted = new FetchRequest.PartitionData(Uuid.ZERO_UUID, offset, -1, maxBytes, Optional.empty());
        FetchRequest request = FetchRequest.Builder.forConsumer(VERSION, WAIT_MILLIS, 1, Map.of(partition, wanted))
                .setMaxBytes(maxBytes)
                .build(VERSION);
        return Wire.frame(request, HEADER);
    }

    /** What came for the one partition; fails if the request was refused. */
    public static FetchResponseData.PartitionData partition(byte[] reply) throws IOException {
        FetchResponse response = (FetchResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply), HEADER);
        FetchResponseData.PartitionData data =
                response.data().responses().get(0).partitions().get(0);
        if (data.errorCode() != Errors.NONE.code()) {
            throw new IOException("a fetch was answered with " + Errors.forCode(data.errorCode()));
        }
        return data;
    }
}
