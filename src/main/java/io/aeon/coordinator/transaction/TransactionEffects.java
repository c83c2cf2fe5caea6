package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Reply;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one step.
 *
 * @param ongoing the transaction that accepts records now; empty as soon as a record that ends it is in flight, and
 *     must take effect before {@code record} is appended
 * @param record the record to append; the result comes back as {@link TransactionCommand.Appended} or
 *     {@link TransactionCommand.AppendFailed}, and no second record comes before it
 * @param markers the markers to append to their partitions
 * @param wantsProducerId whether a new producer id is needed, as {@link TransactionCommand.ProducerIdGiven}
 */
public record TransactionEffects(
        Optional<Ongoing> ongoing,
        @Nullable TransactionRecord record,
        List<Marker> markers,
        boolean wantsProducerId,
        List<Reply<?>> replies,
        List<Note> notes)
        implements Effects {}
