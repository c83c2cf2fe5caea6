package io.aeon.storage.repair;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.segment.BatchCheck;
import io.aeon.storage.segment.LeaderEpochs;

/** Reads a whole segment file, including damaged parts: after damage it continues at the next whole batch. */
final class SegmentWalk {
    private final SegmentFile file;
    private final long fileSize;
    private final BatchCheck check;
    private long next;

    /**
     * @param limit every offset of the segment is below this one
     * @param epochsTo {@code epochs} lacks those that began at this offset or later
     */
    SegmentWalk(SegmentFile file, long fileSize, long baseOffset, long limit, LeaderEpochs epochs, long epochsTo) {
        this.file = file;
        this.fileSize = fileSize;
        this.check = new BatchCheck(file, fileSize, limit, epochs, epochsTo);
        this.next = baseOffset;
    }

    /** Receives the parts of the file in file order. */
    interface Visitor {
        void whole(BatchScanner batch);

        /** The bytes from the damage's position to {@code end} contain no whole batch. */
        void damaged(Damage damage, long end);
    }

    /** Walks over the file; returns the offset after the last whole batch. */
    long walk(Visitor visitor) {
        long at = 0;
        while (at < fileSize) {
            String wrong = check.wrong(at, next);
            if (wrong == null) {
                visitor.whole(check.batch());
                next = check.batch().lastOffset() + 1;
                at += check.batch().size();
            } else {
                long end = nextWhole(at, check.batch());
                visitor.damaged(new Damage(file.path(), at, next, wrong), end);
                at = end;
            }
        }
        return next;
    }

    /** The batch's length may be valid; otherwise a batch may begin at any later byte. */
    private long nextWhole(long damaged, BatchScanner batch) {
        long claimed = fileSize - damaged < BatchHeader.BYTES ? fileSize : damaged + batch.size();
        if (claimed > damaged && claimed < fileSize && check.isValid(claimed, next)) {
            return claimed;
        }
        for (long at = damaged + 1; at <= fileSize - BatchHeader.BYTES; at++) {
            if (check.isValid(at, next)) {
                return at;
            }
        }
        return fileSize;
    }
}
