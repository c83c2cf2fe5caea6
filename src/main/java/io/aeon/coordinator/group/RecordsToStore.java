package io.aeon.coordinator.group;

import io.aeon.coordinator.TransactionalWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records to append to the offsets topic as one batch; the outcome comes back as {@link GroupCommand.Appended} or
 * {@link GroupCommand.AppendFailed}.
 *
 * @param id names this append within its group
 * @param records at least one
 * @param writer whose transaction the records are a part of, null if of none
 */
public record RecordsToStore(
        long id, List<GroupRecord> records, @Nullable TransactionalWriter writer) {}
