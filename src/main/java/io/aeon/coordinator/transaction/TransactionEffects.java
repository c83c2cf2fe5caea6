package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Reply;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one step asks of the outside.
 *
 * @param ongoing the transaction that takes records now, empty from the moment on that its end is under way; no other may
 *     reach a partition once {@code record} is on its way
 * @param record to be stored; its outcome comes back as {@link TransactionCommand.Appended} or
 *     {@link TransactionCommand.AppendFailed}, and there is never a second one before that
 * @param markers to be appended to their partitions
 * @param wantsProducerId an id nobody has had, to be given by {@link TransactionCommand.ProducerIdGiven}
 */
public record TransactionEffects(
        Optional<Ongoing> ongoing,
        @Nullable TransactionRecord record,
        List<Marker> markers,
        boolean wantsProducerId,
        List<Reply<?>> replies,
        List<Note> notes)
        implements Effects {}
