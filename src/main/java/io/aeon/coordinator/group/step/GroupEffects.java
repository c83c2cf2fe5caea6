package io.aeon.coordinator.group.step;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Reply;
import java.util.List;

/**
 * The effects of one step of a group.
 *
 * @param records the records to append, in this order
 * @param searches the searches to run outside of the group
 */
public record GroupEffects(
        List<RecordsToStore> records, List<RegexSearch> searches, List<Reply<?>> replies, List<Note> notes)
        implements Effects {}
