package io.aeon.coordinator.group;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Reply;
import java.util.List;

/** @param records the records to append, in this order */
public record GroupEffects(List<RecordsToStore> records, List<Reply<?>> replies, List<Note> notes) implements Effects {}
