package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.Collections;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Small requests that ask for one thing again and again, so that the answer is large. */
final class Repetitions {
    private static final int BROKER_TIMES = 20_000;

    private Repetitions() {}

    /** DescribeConfigs with one broker 20,000 times, 100 KB. */
    static void describeConfigs(Target target) throws Exception {
        short version = 4;
        var broker = new DescribeConfigsRequestData.DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("1")
                .setConfigurationKeys(null);
        DescribeConfigsRequestData data =
                new DescribeConfigsRequestData().setResources(Collections.nCopies(BROKER_TIMES, broker));
        ask(target, new DescribeConfigsRequest(data, version), ApiKeys.DESCRIBE_CONFIGS);
    }

    private static void ask(Target target, AbstractRequest request, ApiKeys api) throws Exception {
        ByteBuffer frame = Wire.frame(request, new RequestHeader(api, request.version(), "hostile", 1));
        try (Wire wire = target.connect()) {
            wire.send(frame);
            wire.reply();
        }
    }
}
