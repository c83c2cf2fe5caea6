package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system that only one broker's data are on, to be filled and cut off. Needs root. */
final class PrivateDisk implements AutoCloseable {
    /** FS_IOC_SHUTDOWN without flushing the journal: what a power cut leaves is what was synced. */
    private static final String GO_DOWN =
            "open(my $fs, '<', $ARGV[0]) or die $!; my $flag = pack('L', 2); ioctl($fs, 0x8004587d, $flag) or die $!";

    private final Path at;
    private final String[] mount;

    private PrivateDisk(Path at, String... mount) throws IOException {
        this.at = Files.createDirectories(at);
        this.mount = mount;
        Commands.run(mount);
    }

    /** In memory. */
    static PrivateDisk tmpfs(Path at, int mib) throws IOException {
        return new PrivateDisk(at, "mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "aeon-rig", at.toString());
    }

    /** In a new file beside the directory. */
    static PrivateDisk inFile(String fileSystem, Path at, int mib) throws IOException {
        Path image = at.resolveSibling(at.getFileName() + "." + fileSystem);
        Commands.run("truncate", "-s", mib + "M", image.toString());
        Commands.run("mkfs." + fileSystem, "-q", image.toString());
        return new PrivateDisk(at, "mount", "-t", fileSystem, "-o", "loop", image.toString(), at.toString());
    }

    /** From now on nothing gets to the disk any more, and what had not got there is lost. */
    void losePower() throws IOException {
        Commands.run("perl", "-e", GO_DOWN, at.toString());
    }

    /** Brings it back; nobody may have a file of it open. */
    void comeBack() throws IOException {
        Commands.run("umount", at.toString());
        Commands.run(mount);
    }

    @Override
    public void close() throws IOException {
        Commands.run("umount", at.toString());
    }
}
