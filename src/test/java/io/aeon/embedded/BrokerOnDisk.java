package io.aeon.embedded;

import io.aeon.broker.disk.BreakableFiles;
import java.nio.file.Path;

/** Starts a broker on a disk that can be broken, for tests of other rooms. */
public final class BrokerOnDisk {
    private BrokerOnDisk() {}

    /** With several data directories. */
    public static Aeon start(Path dir, Path further, BreakableFiles disk) {
        return Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.further-data-dirs", further.toString())
                .files(disk.files())
                .start();
    }

    public static Aeon start(Path dir, BreakableFiles disk) {
        return Aeon.builder().dataDirectory(dir).files(disk.files()).start();
    }
}
