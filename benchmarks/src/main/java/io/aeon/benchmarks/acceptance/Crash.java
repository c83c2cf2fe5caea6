package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;

/** How a broker is torn out of its work. */
interface Crash extends AutoCloseable {
    /** Ends it now; on return another one can be started on what is left. */
    void happenTo(BrokerProcess broker) throws IOException;

    @Override
    void close() throws IOException;

    /** The process dies, all that it wrote is there. */
    static Crash ofTheProcess() {
        return new Crash() {
            @Override
            public void happenTo(BrokerProcess broker) {
                broker.kill();
            }

            @Override
            public void close() {}
        };
    }

    /** The machine dies: of what was written to {@code data} only that is there which was synced. */
    static Crash ofTheMachine(String fileSystem, Path data, int mib) throws IOException {
        PrivateDisk disk = PrivateDisk.inFile(fileSystem, data, mib);
        return new Crash() {
            @Override
            public void happenTo(BrokerProcess broker) throws IOException {
                disk.losePower();
                broker.kill();
                disk.comeBack();
            }

            @Override
            public void close() throws IOException {
                disk.close();
            }
        };
    }
}
