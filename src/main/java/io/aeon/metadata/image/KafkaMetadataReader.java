package io.aeon.metadata.image;

import io.aeon.metadata.directory.NewerFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metadata.AbortTransactionRecord;
import org.apache.kafka.common.metadata.BeginTransactionRecord;
import org.apache.kafka.common.metadata.EndTransactionRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metadata log of a stopped Apache Kafka node: its latest snapshot and the records after it. Writes nothing.
 */
public final class KafkaMetadataReader {
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{20})-\\d{10}\\.checkpoint");
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    private final MetadataRecordSerde serde = new MetadataRecordSerde();
    private final MetadataDelta delta =
            new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
    private long end;
    private @Nullable List<ApiMessage> transaction;

    private KafkaMetadataReader() {}

    /**
     * @param log the directory of the metadata log
     * @throws ConfigException the log has records that this version of Aeon does not know
     */
    public static KafkaMetadata read(Path log) throws IOException {
        KafkaMetadataReader reader = new KafkaMetadataReader();
        Optional<Path> snapshot = files(log, SNAPSHOT).stream().reduce((one, later) -> later);
        if (snapshot.isPresent()) {
            reader.replay(snapshot.get());
            reader.delta.finishSnapshot();
            reader.end = offset(snapshot.get());
        }
        for (Path segment : files(log, SEGMENT)) {
            reader.replay(segment);
        }
        return new KafkaMetadata(reader.delta.apply(new MetadataProvenance(reader.end, 0, 0, true)));
    }

    private static List<Path> files(Path log, Pattern name) throws IOException {
        try (Stream<Path> entries = Files.list(log)) {
            return entries.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static long offset(Path snapshot) {
        Matcher matcher = SNAPSHOT.matcher(snapshot.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private void replay(Path file) throws IOException {
        try (FileRecords records = FileRecords.open(file.toFile(), false)) {
            for (RecordBatch batch : records.batches()) {
                if (!batch.isControlBatch()) {
                    batch.forEach(record -> replay(file, record));
                }
            }
        }
    }

    private void replay(Path file, Record record) {
        if (record.offset() < end) {
            return;
        }
        try {
            note(serde.read(new ByteBufferAccessor(record.value()), record.valueSize())
                    .message());
        } catch (RuntimeException e) {
            throw new NewerFormatException("The metadata record at offset " + record.offset() + " of " + file
                    + " cannot be read: " + e.getMessage() + "; Aeon reads the metadata of Kafka 4.4");
        }
    }

    /** The records of a transaction (KIP-868) count when it ends; those of one that is left open never count. */
    private void note(ApiMessage record) {
        if (record instanceof BeginTransactionRecord) {
            transaction = new ArrayList<>();
        } else if (record instanceof AbortTransactionRecord) {
            transaction = null;
        } else if (record instanceof EndTransactionRecord) {
            List<ApiMessage> complete = transaction == null ? List.of() : transaction;
            transaction = null;
            complete.forEach(delta::replay);
        } else if (transaction != null) {
            transaction.add(record);
        } else {
            delta.replay(record);
        }
    }
}
