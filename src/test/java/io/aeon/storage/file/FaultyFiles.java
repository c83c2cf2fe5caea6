package io.aeon.storage.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The real files of one directory, with injected faults. Files can fail, open files are counted, and the power can be
 * cut. After a power cut each file has the contents of its last fsync and a random part of the later writes, torn and
 * with holes; the directory has the entries of its last fsync and the first few of the later changes.
 */
public final class FaultyFiles extends ForwardingFiles {
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Path, Inode> entries = new HashMap<>();
    private final Map<Path, Inode> durableEntries = new HashMap<>();
    private final Set<Path> suspects = new HashSet<>();
    private final List<Consumer<Map<Path, Inode>>> pendingChanges = new ArrayList<>();
    private int bytesUntilFull = Integer.MAX_VALUE;
    private final AtomicInteger forcesAtTheGate = new AtomicInteger();
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private boolean forceFails;
    private boolean openFails;
    private int operationsLeft = Integer.MAX_VALUE;

    /**
     * A file, independent of its name. After a failed fsync the kernel treats the unwritten bytes as clean: only bytes
     * that are written again reach the disk with a later fsync.
     */
    private static final class Inode {
        private final BitSet takenForClean = new BitSet();
        private byte[] durable = new byte[0];

        void forced(byte[] bytes) {
            takenForClean.stream().filter(at -> at < bytes.length).forEach(at -> bytes[at] = 0);
            durable = bytes;
        }
    }

    public FaultyFiles() {
        super(LogFiles.disk());
    }

    /**
     * The disk has room for this many bytes, and for the bytes of deleted files. The write that exceeds it is cut and
     * fails; after that no file can be created.
     */
    public synchronized void fullAfter(int bytes) {
        bytesUntilFull = bytes;
    }

    /** From now on an fsync of a file waits for the completion of {@code until}. */
    public void holdForces(CompletableFuture<Void> until) {
        gate = until;
    }

    /** Whether an fsync is waiting. */
    public boolean holdsAForce() {
        return forcesAtTheGate.get() > 0;
    }

    public synchronized void failForce(boolean fails) {
        forceFails = fails;
    }

    /** The process has no descriptor left. */
    public synchronized void failOpen(boolean fails) {
        openFails = fails;
    }

    /** The process crashes at the first changing operation after this number of further ones. */
    public synchronized void dieAfter(int operations) {
        operationsLeft = operations;
    }

    public synchronized boolean isDead() {
        return operationsLeft <= 0;
    }

    public int openFiles() {
        return open.get();
    }

    /** Cuts the power. Objects that were opened before must not be used. */
    public synchronized void crash(Random random) {
        try {
            int kept = random.nextInt(pendingChanges.size() + 1);
            pendingChanges.subList(0, kept).forEach(change -> change.accept(durableEntries));
            pendingChanges.clear();
            for (Inode inode : durableEntries.values()) {
                inode.durable = surviving(inode, random);
                inode.takenForClean.clear();
            }
            for (Path path : entries.keySet()) {
                Files.deleteIfExists(path);
            }
            for (Map.Entry<Path, Inode> entry : durableEntries.entrySet()) {
                Files.write(entry.getKey(), entry.getValue().durable);
            }
            entries.clear();
            entries.putAll(durableEntries);
            suspects.clear();
            bytesUntilFull = Integer.MAX_VALUE;
            forceFails = false;
            operationsLeft = Integer.MAX_VALUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] surviving(Inode inode, Random random) throws IOException {
        byte[] durable = inode.durable;
        byte[] now = durable;
        for (Map.Entry<Path, Inode> entry : entries.entrySet()) {
            if (entry.getValue() == inode) {
                now = Files.readAllBytes(entry.getKey());
            }
        }
        if (now.length <= durable.length) {
            return random.nextBoolean() ? now : durable;
        }
        int kept = durable.length + random.nextInt(now.length - durable.length + 1);
        byte[] bytes = Arrays.copyOf(now, kept);
        if (kept > durable.length && random.nextInt(3) == 0) {
            int hole = durable.length + random.nextInt(kept - durable.length);
            Arrays.fill(bytes, hole, Math.min(kept, hole + 1 + random.nextInt(200)), (byte) 0);
        }
        return bytes;
    }

    private void change(Consumer<Map<Path, Inode>> change) {
        change.accept(entries);
        pendingChanges.add(change);
    }

    private void failIfFull() throws IOException {
        if (bytesUntilFull == 0) {
            throw new IOException("No space left on device, as told");
        }
    }

    private Inode inode(Path file) {
        Inode known = entries.get(file);
        if (known != null) {
            return known;
        }
        Inode created = new Inode();
        change(map -> map.put(file, created));
        return created;
    }

    private void failOpenIfTold(Path file) throws IOException {
        if (openFails) {
            throw new IOException(file + ": Too many open files, as told");
        }
    }

    private void dieIfTold() throws IOException {
        if (isDead()) {
            throw new IOException("The process is dead, as told");
        }
        operationsLeft -= operationsLeft == Integer.MAX_VALUE ? 0 : 1;
    }

    private void failIfTold() throws IOException {
        dieIfTold();
        if (forceFails) {
            throw new IOException("Input/output error, as told");
        }
    }

    @Override
    public synchronized LogFile openForWriting(Path file) throws IOException {
        failOpenIfTold(file);
        if (!files.exists(file)) {
            dieIfTold();
            failIfFull();
        }
        return new FaultyFile(file, inode(file), files.openForWriting(file));
    }

    @Override
    public synchronized LogFile openForReading(Path file) throws IOException {
        failOpenIfTold(file);
        return new FaultyFile(file, inode(file), files.openForReading(file));
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        failIfFull();
        files.createDirectories(directory);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        dieIfTold();
        files.rename(from, to);
        Inode inode = inode(from);
        change(map -> {
            map.remove(from);
            map.put(to, inode);
        });
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        dieIfTold();
        if (bytesUntilFull != Integer.MAX_VALUE && files.exists(file)) {
            bytesUntilFull += (int) files.size(file);
        }
        files.delete(file);
        change(map -> map.remove(file));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        failIfTold();
        pendingChanges.forEach(change -> change.accept(durableEntries));
        pendingChanges.clear();
    }

    @Override
    public boolean isSuspect(Path file) {
        return suspects.contains(file);
    }

    @Override
    public void trust(Path file) {
        suspects.remove(file);
    }

    @Override
    public long usableSpace(Path directory) {
        return bytesUntilFull;
    }

    private final class FaultyFile extends ForwardingFile {
        private final Path path;
        private final Inode inode;

        FaultyFile(Path path, Inode inode, LogFile file) {
            super(file);
            this.path = path;
            this.inode = inode;
            open.incrementAndGet();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (FaultyFiles.this) {
                dieIfTold();
                inode.takenForClean.clear((int) position, (int) position + source.remaining());
                if (source.remaining() > bytesUntilFull) {
                    file.write(source.duplicate().limit(source.position() + bytesUntilFull), position);
                    bytesUntilFull = 0;
                    throw new IOException("No space left on device, as told");
                }
                bytesUntilFull -= bytesUntilFull == Integer.MAX_VALUE ? 0 : source.remaining();
                file.write(source, position);
            }
        }

        @Override
        public void force() throws IOException {
            forcesAtTheGate.incrementAndGet();
            gate.join();
            forcesAtTheGate.decrementAndGet();
            synchronized (FaultyFiles.this) {
                byte[] bytes = Files.readAllBytes(path);
                if (forceFails) {
                    suspects.add(path);
                    inode.takenForClean.set(inode.durable.length, Math.max(inode.durable.length, bytes.length));
                }
                failIfTold();
                inode.forced(bytes);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyFiles.this) {
                dieIfTold();
            }
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
            open.decrementAndGet();
        }
    }
}
