package io.aeon.replication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What any high watermark of a partition has covered. It only grows, whoever leads. */
final class CommittedLog {
    private final int partition;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Integer, Integer> lastOfProducer = new HashMap<>();
    private final SimulatedTransactor transactor;
    private int records;
    private int deletedEnd;

    CommittedLog(int partition, SimulatedTransactor transactor) {
        this.partition = partition;
        this.transactor = transactor;
    }

    int end() {
        return entries.size();
    }

    /** The number of batches with data. */
    int records() {
        return records;
    }

    /** A replica's high watermark has covered its records from one offset to another. */
    void covered(SimulatedLog log, int from, int to) {
        for (int offset = from; offset < to; offset++) {
            Entry entry = log.at(offset);
            if (offset > entries.size() || (offset < entries.size() && entry != entries.get(offset))) {
                throw violation(entry + " is committed at " + offset + ", and not what was committed before");
            }
            if (offset == entries.size()) {
                add(entry);
            }
        }
    }

    private void add(Entry entry) {
        entries.add(entry);
        if (entry.kind == Entry.Kind.DATA) {
            records++;
        }
        if (entry.producer == SimulatedTransactor.ID) {
            transactor.committed(partition, entry);
        } else {
            int last = lastOfProducer.getOrDefault(entry.producer, -1);
            if (entry.sequence != last + 1) {
                throw violation(entry + " follows sequence number " + last + " of its producer");
            }
            lastOfProducer.put(entry.producer, entry.sequence);
        }
    }

    /** A broker acknowledges a record. */
    void acknowledged(int offset, Entry entry) {
        if (offset >= entries.size() || entries.get(offset) != entry) {
            throw violation(entry + " is acknowledged and not committed");
        }
    }

    /** A leader acknowledges that the records below an offset are deleted. */
    void deleted(int end) {
        deletedEnd = Math.max(deletedEnd, end);
    }

    /**
     * A log that may become the leader's has all committed records.
     *
     * @param from the records below it were compared before
     * @param end what counts of the log
     */
    void isIn(SimulatedReplica replica, int from, int end) {
        if (end < entries.size()) {
            throw violation(replica + " lacks committed records from " + end + " to " + entries.size());
        }
        if (replica.log.start() < deletedEnd) {
            throw violation(replica + " brings back records below " + deletedEnd);
        }
        for (int offset = Math.max(from, replica.log.start()); offset < entries.size(); offset++) {
            if (replica.log.at(offset) != entries.get(offset)) {
                throw violation(replica + " has another record at " + offset);
            }
        }
    }

    private Violation violation(String what) {
        return new Violation("partition " + partition + ": " + what);
    }
}
