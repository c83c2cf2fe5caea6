package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A file system whose every operation can be made to wait: bindfs, a FUSE daemon, which is stopped for the time. */
final class StoppableDisk implements AutoCloseable {
    private final Process daemon;
    private final Path at;

    private StoppableDisk(Process daemon, Path at) {
        this.daemon = daemon;
        this.at = at;
    }

    static StoppableDisk over(Path behind, Path at) throws IOException {
        Process daemon = new ProcessBuilder("bindfs", "-f", behind.toString(), at.toString())
                .inheritIO()
                .start();
        StoppableDisk disk = new StoppableDisk(daemon, at);
        disk.awaitMount();
        return disk;
    }

    private void awaitMount() throws IOException {
        while (daemon.isAlive()) {
            if (new ProcessBuilder("mountpoint", "-q", at.toString())
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0) {
                return;
            }
            BrokerProcess.pause(20);
        }
        throw new IOException("bindfs ended with " + daemon.exitValue());
    }

    void hang(Duration time) throws IOException {
        signal("STOP");
        BrokerProcess.pause(time.toMillis());
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Commands.run("kill", "-" + name, Long.toString(daemon.pid()));
    }

    @Override
    public void close() throws IOException {
        Commands.run("umount", at.toString());
        daemon.onExit().join();
    }
}
