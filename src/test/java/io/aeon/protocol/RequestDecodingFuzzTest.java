package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes of a frame are, decoding gives a request or a {@link MalformedRequestException}. */
class RequestDecodingFuzzTest {
    private static final RequestDecoder DECODER =
            new RequestDecoder((api, version) -> api.hasValidVersion() && api.isVersionSupported(version), 1L << 30);

    /** A frame of each API and version, with random values that are always the same. */
    static Stream<byte[]> requests() {
        WireSamples samples = new WireSamples(1);
        return Arrays.stream(ApiKeys.values())
                .filter(ApiKeys::hasValidVersion)
                .flatMap(api -> api.allVersions().stream().map(version -> frame(samples, api, version)));
    }

    private static byte[] frame(WireSamples samples, ApiKeys api, short version) {
        ByteBuffer body = samples.message(api.messageType.requestSchemas()[version]);
        short headerVersion = api.requestHeaderVersion(version);
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setClientId("me");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, headerVersion).buffer();
        return ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .array();
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "10m")
    void aFrameIsDecodedOrRefused(byte[] frame) {
        try {
            Request request = DECODER.scan(frame.clone()).decode();
            assertThat(request.api().id).isEqualTo(ByteBuffer.wrap(frame).getShort());
        } catch (MalformedRequestException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
