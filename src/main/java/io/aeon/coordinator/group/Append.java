package io.aeon.coordinator.group;

import java.util.List;

/**
 * Records to append to the offsets topic as one batch; the outcome comes back as {@link GroupCommand.Appended} or
 * {@link GroupCommand.AppendFailed}.
 *
 * @param id names this append within its group
 * @param records at least one
 */
public record Append(long id, List<GroupRecord> records) {}
