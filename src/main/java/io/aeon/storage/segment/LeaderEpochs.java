package io.aeon.storage.segment;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.Checksum;
import io.aeon.storage.file.LogFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The start offset of each leader epoch (KIP-101, KIP-320), stored in Kafka's leader-epoch-checkpoint. The file is a
 * cache: epochs after the last checkpoint of the log are read from the batches. Thread-safe.
 */
public final class LeaderEpochs {
    /** The file's name in a log's directory. */
    public static final String FILE = "leader-epoch-checkpoint";

    private static final String VERSION = "0";
    private static final int NONE = -1;

    private final Path path;
    private final LogFiles files;
    private final TreeMap<Integer, Long> starts = new TreeMap<>();
    private volatile int latest = NONE;
    private boolean changed;
    private int checksum;

    private LeaderEpochs(Path directory, LogFiles files) {
        this.path = directory.resolve(FILE);
        this.files = files;
    }

    /** For a log without records, or with an invalid file. */
    public static LeaderEpochs empty(Path directory, LogFiles files) {
        return new LeaderEpochs(directory, files);
    }

    /** Reads the file; null if it is missing or invalid. */
    public static @Nullable LeaderEpochs read(Path directory, LogFiles files) {
        LeaderEpochs epochs = new LeaderEpochs(directory, files);
        ByteBuffer bytes = AtomicFile.read(files, epochs.path);
        if (bytes == null) {
            return null;
        }
        String[] lines =
                StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().split("\n", -1);
        try {
            if (lines.length < 3 || !lines[0].equals(VERSION) || Integer.parseInt(lines[1]) != lines.length - 3) {
                return null;
            }
            for (int line = 2; line < lines.length - 1; line++) {
                String[] epochAndStart = lines[line].split(" ", -1);
                epochs.assign(Integer.parseInt(epochAndStart[0]), Long.parseLong(epochAndStart[1]));
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
        epochs.changed = false;
        epochs.checksum = Checksum.of(bytes);
        return epochs;
    }

    /** CRC of the file when it was last read or written. */
    public synchronized int checksum() {
        return checksum;
    }

    /** The latest epoch that has records, -1 if none. */
    public int latest() {
        return latest;
    }

    /** The first leader epoch that has records, -1 if none. */
    public synchronized int earliest() {
        return starts.isEmpty() ? NONE : starts.firstKey();
    }

    /** The epoch in which {@code offset} was written, -1 if it is unknown. */
    synchronized int at(long offset) {
        return starts.descendingMap().entrySet().stream()
                .filter(epoch -> epoch.getValue() <= offset)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(NONE);
    }

    /** Records that a batch of {@code epoch} begins at {@code startOffset}. */
    public void assign(int epoch, long startOffset) {
        if (epoch > latest) {
            put(epoch, startOffset);
        }
    }

    private synchronized void put(int epoch, long startOffset) {
        starts.values().removeIf(start -> start >= startOffset);
        starts.put(epoch, startOffset);
        settle();
    }

    /** Removes the epochs that began at or after {@code endOffset}. */
    public synchronized void truncateFromEnd(long endOffset) {
        if (starts.values().removeIf(start -> start >= endOffset)) {
            settle();
        }
    }

    /** Removes the epochs that ended at or before {@code startOffset}. */
    public synchronized void truncateFromStart(long startOffset) {
        NavigableMap<Integer, Long> begun = new TreeMap<>();
        starts.forEach((epoch, start) -> {
            if (start <= startOffset) {
                begun.put(epoch, start);
            }
        });
        if (begun.isEmpty() || (begun.size() == 1 && begun.firstEntry().getValue() == startOffset)) {
            return;
        }
        starts.keySet().removeAll(begun.keySet());
        starts.put(begun.lastKey(), startOffset);
        settle();
    }

    /** Answers as Kafka does: an unknown epoch ends where the next larger epoch begins. */
    public synchronized EpochEndOffset endOf(int epoch, long logEndOffset) {
        if (epoch != NONE && epoch == latest) {
            return new EpochEndOffset(epoch, logEndOffset);
        }
        Map.Entry<Integer, Long> higher = starts.higherEntry(epoch);
        if (epoch == NONE || higher == null) {
            return new EpochEndOffset(NONE, -1);
        }
        Integer floor = starts.floorKey(epoch);
        return new EpochEndOffset(floor == null ? epoch : floor, higher.getValue());
    }

    /** Writes the file if the epochs have changed since the last write; returns its {@link #checksum}. */
    public synchronized int write() {
        if (!changed) {
            return checksum;
        }
        StringBuilder text = new StringBuilder()
                .append(VERSION)
                .append('\n')
                .append(starts.size())
                .append('\n');
        starts.forEach(
                (epoch, start) -> text.append(epoch).append(' ').append(start).append('\n'));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        checksum = Checksum.of(bytes);
        AtomicFile.replace(files, path, bytes);
        changed = false;
        return checksum;
    }

    private void settle() {
        latest = starts.isEmpty() ? NONE : starts.lastKey();
        changed = true;
    }
}
