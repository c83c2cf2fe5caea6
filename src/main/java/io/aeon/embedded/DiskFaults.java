package io.aeon.embedded;

import io.aeon.control.BrokerDisk;
import io.aeon.control.InjectedFault;
import io.aeon.embedded.DiskFault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The faults of a broker's disk. Thread-safe. */
final class DiskFaults implements AutoCloseable {
    private final List<DiskFault> faults = new CopyOnWriteArrayList<>();

    /** @param directory name of the only directory that is concerned; empty for all */
    BrokerDisk of(String directory) {
        return new BrokerDisk() {
            @Override
            public InjectedFault full() {
                return begin(Kind.FULL, directory, Duration.ZERO);
            }

            @Override
            public InjectedFault slow(Duration time) {
                return begin(Kind.SLOW, directory, time);
            }

            @Override
            public InjectedFault fail() {
                return begin(Kind.FAILING, directory, Duration.ZERO);
            }
        };
    }

    private InjectedFault begin(Kind kind, String directory, Duration time) {
        DiskFault fault = new DiskFault(kind, directory, time, faults::remove);
        faults.add(fault);
        return fault;
    }

    /** Before a write to {@code file}, or its creation. */
    void write(Path file) throws IOException {
        for (DiskFault fault : faults) {
            fault.write(file);
        }
    }

    /** Before an fsync of {@code file}. */
    void force(Path file) throws IOException {
        for (DiskFault fault : faults) {
            fault.force(file);
        }
    }

    boolean isFull() {
        return faults.stream().anyMatch(DiskFault::fillsTheDisk);
    }

    /** Ends all faults. */
    @Override
    public void close() {
        faults.forEach(DiskFault::close);
    }
}
