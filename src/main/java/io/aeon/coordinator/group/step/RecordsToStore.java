package io.aeon.coordinator.group.step;

import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.record.GroupRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records to append to the offsets topic as one batch. The result comes back as {@link GroupCommand.Appended} or
 * {@link GroupCommand.AppendFailed}.
 *
 * @param id identifies this append within its group
 * @param records at least one
 * @param writer the producer to whose transaction the records belong, null if there is none
 */
public record RecordsToStore(
        long id, List<GroupRecord> records, @Nullable TransactionalWriter writer) {}
