package io.aeon.benchmarks.micro;

import io.aeon.protocol.Request;
import io.aeon.protocol.RequestDecoder;
import org.openjdk.jmh.annotations.Benchmark;

/** Header and body of a request. */
public class DecodingBenchmark extends Leaf {
    private final RequestDecoder decoder = new RequestDecoder((api, version) -> true, 1 << 30);
    private final byte[] produce = Samples.produce();
    private final byte[] fetch = Samples.fetch();

    @Benchmark
    public Request produce() {
        return decoder.scan(produce).decode();
    }

    @Benchmark
    public Request fetch() {
        return decoder.scan(fetch).decode();
    }
}
